import type { FrameOptions } from '@card/frames'
import { shellWord } from './printable.js'

/** What `--key`, `--time` and `--group-by` of records take beside members. */
export const recordFieldNames: ReadonlySet<string> = new Set(['@key', '@value', '@timestamp'])

const optionNames = { key: 'key', time: 'time', groupBy: 'group-by' } as const

/** Records whose values are looked at. */
const sampled = 1000
const sampledOfBatch = 100

/** What is said of a member that is called as a record field is; null: no such member, or it is not asked for. */
export function sharedNameWarning(options: FrameOptions, value: Uint8Array): string | null {
  if (options.input !== 'records') return null
  const wanted = (['key', 'time', 'groupBy'] as const).filter((option) => {
    const path = options[option]
    return path !== null && recordFieldNames.has(path)
  })
  if (wanted.length === 0) return null
  const frame = objectOf(value)
  const option = wanted.find((each) => frame !== null && Object.hasOwn(frame, options[each]!))
  if (option === undefined) return null
  const path = options[option]!
  const flag = `--${optionNames[option]}`
  return (
    `records have a member ${JSON.stringify(path)}, but ${flag} ${path} takes what the record itself has; ` +
    `for the member write ${flag} ${shellWord(`\\${path}`)}`
  )
}

function objectOf(value: Uint8Array): object | null {
  if (!value.includes(0x40)) return null
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(value))
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : null
  } catch {
    return null
  }
}

/** The rows of a batch, and what they point into. */
interface SampledRows {
  readonly columns: { readonly rows: number; readonly start: Uint32Array; readonly length: Uint32Array }
  readonly bytes: Uint8Array
}

/** Looks at the first records of a run for members that are called as record fields are, and warns once. */
export class SharedNames {
  readonly #options: FrameOptions
  readonly #warn: (text: string) => void
  #left: number

  constructor(options: FrameOptions, warn: (text: string) => void) {
    this.#options = options
    this.#warn = warn
    const { input, key, time, groupBy } = options
    const isAsked =
      input === 'records' && [key, time, groupBy].some((path) => recordFieldNames.has(path ?? ''))
    this.#left = isAsked ? sampled : 0
  }

  look({ columns: { rows, start, length }, bytes }: SampledRows): void {
    if (this.#left === 0) return
    const most = Math.min(rows, sampledOfBatch, this.#left)
    this.#left -= most
    for (let row = 0; row < most; row++) {
      const value = bytes.subarray(start[row]!, start[row]! + length[row]!)
      const warning = sharedNameWarning(this.#options, value)
      if (warning === null) continue
      this.#left = 0
      this.#warn(warning)
      return
    }
  }
}
