import { FramesError } from '../errors.js'

/** What a frame is read for. Paths are member names from the root object down, joined by dots. */
export interface FrameOptions {
  /** Path of the key whose distinct values are counted; null: events only, the hash words stay 0. */
  key: string | null
  /** Path of the event time. */
  time: string
  /** How the time is written: a number of these, `auto` by magnitude, or `iso` for an ISO 8601 string. */
  timeUnit: 'auto' | 's' | 'ms' | 'us' | 'iso'
  /** Path of the value whose text the frames are grouped by; null: no groups. */
  groupBy: string | null
  /** The greatest length of a line in bytes, without LF and CR: 1 to 268,435,456. */
  maxLine: number
  /** The most rows a batch holds: 1 to 65,536, by default 4,096. */
  rows?: number
  /**
   * `strict` (the default): a line is JSON exactly if JSON.parse accepts it, of repeated names the last wins.
   * `trusted`, for input whose producer is: the scanner stops behind the last wanted member of a line. It takes
   * the first of repeated names, does not notice what is broken, nor anything behind those members. Lines that
   * the scanner hands to JSON.parse, or all of them where there is no scanner, are judged strictly.
   */
  json?: 'strict' | 'trusted'
  /** False: JSON.parse judges every line. By default a scanner does wherever the engine has WebAssembly SIMD. */
  simd?: boolean
}

// A line is decoded to one string, and V8's longest has 2^29 - 24 characters.
const greatestMaxLine = 2 ** 28
const greatestRows = 65_536

/** @throws {FramesError} `bad-option`, naming every option that is wrong */
export function checkOptions(options: FrameOptions): void {
  const wrong: string[] = []
  checkPath(wrong, 'time', options.time)
  if (options.key !== null) checkPath(wrong, 'key', options.key)
  if (options.groupBy !== null) checkPath(wrong, 'groupBy', options.groupBy)
  if (!['auto', 's', 'ms', 'us', 'iso'].includes(options.timeUnit)) {
    wrong.push(`timeUnit: expected auto, s, ms, us or iso, found ${JSON.stringify(options.timeUnit)}`)
  }
  if (options.json !== undefined && !['strict', 'trusted'].includes(options.json)) {
    wrong.push(`json: expected strict or trusted, found ${JSON.stringify(options.json)}`)
  }
  checkInteger(wrong, 'maxLine', options.maxLine, greatestMaxLine)
  if (options.rows !== undefined) checkInteger(wrong, 'rows', options.rows, greatestRows)
  if (wrong.length > 0) {
    throw new FramesError('bad-option', `Change these options of the frame reader: ${wrong.join('; ')}`)
  }
}

function checkPath(wrong: string[], name: string, path: unknown): void {
  if (typeof path !== 'string' || path.split('.').includes('')) {
    wrong.push(
      `${name}: expected member names joined by dots, such as "user.id", found ${JSON.stringify(path)}`,
    )
  }
}

function checkInteger(wrong: string[], name: string, value: unknown, greatest: number): void {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > greatest) {
    wrong.push(`${name}: expected an integer from 1 to ${greatest}, found ${String(value)}`)
  }
}
