import type { Logger, Stop } from '@card/app-kit'
import type { Service } from './http/start-service.js'
import type { Notices } from './output/notices.js'
import type { OutputFiles } from './output/output-files.js'
import type { OptionValues } from './settings/option-table.js'
import type { openReader } from './threads/open-reader.js'

/** What a run over topics has before a broker is asked. */
export interface PreparedRun {
  readonly values: OptionValues
  readonly stop: Stop
  readonly log: Logger
  readonly service: Service | null
  readonly notices: Notices
  readonly began: number
  readonly files: OutputFiles
  readonly reader: ReturnType<typeof openReader>
}
