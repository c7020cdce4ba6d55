import { fstatSync, readSync } from 'node:fs'

/** Bytes that are read straight into memory of the caller, without a buffer in between. */
export interface DirectSource {
  /**
   * Reads what is there into the space, without waiting.
   *
   * @returns how many bytes; 0: there will be no more; `nothingYet`
   * @throws what reading failed with
   */
  read(space: Uint8Array): number
  /** Resolves when there is something to read, or the end. To be awaited after `nothingYet` only. */
  ready(): Promise<void>
}

/** Returned by `read` when more bytes may come later. */
export const nothingYet = -1

/**
 * A file from where it stands: a trip to the thread pool would cost more than a chunk from the page cache. One that is
 * shorter at its end than it was at first has lost frames that were to be counted: reading it throws.
 */
export function fileSource(descriptor: number): DirectSource {
  const size = () => fstatSync(descriptor, { bigint: true }).size
  const sizeAtFirst = size()
  let taken = 0
  return {
    read(space) {
      const length = readSync(descriptor, space)
      taken += length
      if (length === 0 && taken < sizeAtFirst) {
        const now = size()
        if (now < sizeAtFirst) {
          throw new Error(
            `it shrank from ${sizeAtFirst} bytes to ${now} while it was being read; copy it first, or read it when nothing writes to it`,
          )
        }
      }
      return length
    },
    async ready() {},
  }
}

/** The first `size` bytes, or fewer when the source ends or these are enough. */
export async function headOf(
  source: DirectSource,
  size: number,
  isEnough: (head: Uint8Array) => boolean,
): Promise<Uint8Array> {
  const head = new Uint8Array(size)
  let length = 0
  while (length < size && !isEnough(head.subarray(0, length))) {
    const more = source.read(head.subarray(length))
    if (more === 0) break
    if (more === nothingYet) await source.ready()
    else length += more
  }
  return head.subarray(0, length)
}

/** The head and all bytes after it, in one piece of memory: a chunk is overwritten when the next one is asked for. */
export async function* chunksOf(
  head: Uint8Array,
  source: DirectSource,
  size: number,
): AsyncGenerator<Uint8Array> {
  yield head
  const space = new Uint8Array(size)
  for (let length = source.read(space); length !== 0; length = source.read(space)) {
    if (length === nothingYet) await source.ready()
    else yield space.subarray(0, length)
  }
}
