import type { OptionValues as ValuesOf } from '@card/app-kit'
import { countingOptions } from './options/counting-options.js'
import { frameOptions } from './options/frame-options.js'
import { kafkaOptions } from './options/kafka-options.js'
import { outputOptions } from './options/output-options.js'
import { serviceOptions } from './options/service-options.js'
import { stateOptions } from './options/state-options.js'
import { windowsOptions } from './options/windows-options.js'

/** Every option of the program, in the order of the manual. */
export const optionTable = {
  ...kafkaOptions,
  ...frameOptions,
  ...windowsOptions,
  ...countingOptions,
  ...outputOptions,
  ...stateOptions,
  ...serviceOptions,
}

export type OptionName = keyof typeof optionTable

/** The value of every option, by its name. */
export type OptionValues = ValuesOf<typeof optionTable>

/** What results are named after: window sizes, then rolling views. */
export function publishedNames({ windows, rolling }: OptionValues): string[] {
  return [...windows, ...(rolling ?? [])].map(({ name }) => name)
}
