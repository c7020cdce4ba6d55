import type { RecordParts } from '@card/frames'

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
    /** Of a file; null: none, or it is not known before it is read. */
    readonly compression: 'gzip' | 'zstd' | null
  }[]
}

/** Enough to know an input by, in a second and little memory. */
export const sampleLimits = { lines: 10_000, bytes: 64 * 1024 * 1024 }
