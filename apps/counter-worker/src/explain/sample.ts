import { ExitError } from '@card/app-kit'
import type { RecordParts } from '@card/frames'
import type { Compression } from '../input/magic-bytes.js'

/** One line or record of a sample. */
export interface SampledLine {
  /** Its order is that of its partition. */
  readonly partition: number
  readonly bytes: Uint8Array
  /** The key and timestamp of a record; null: a line of a file. */
  readonly record: RecordParts | null
}

/** The beginning of an input. */
export interface Sample {
  readonly limits: { readonly lines: number; readonly bytes: number }
  /** In the order in which they were read. */
  readonly lines: readonly SampledLine[]
  readonly sources: readonly {
    /** A file, stdin, or `topic/partition`. */
    readonly name: string
    /** Of a file or stdin; null: none. */
    readonly compression: Compression | null
  }[]
  /** Why there is no more of it; null: the input ends here, there is enough, or it was asked to stop. */
  readonly failure: ExitError | null
}

/** What reading failed with; null: it did not. Anything but an ExitError is thrown on. */
export async function failureOf(reading: Promise<unknown>): Promise<ExitError | null> {
  try {
    await reading
    return null
  } catch (error) {
    if (error instanceof ExitError) return error
    throw error
  }
}

/** Enough to know an input by, in a second and little memory. */
export const sampleLimits = { lines: 10_000, bytes: 64 * 1024 * 1024 }
