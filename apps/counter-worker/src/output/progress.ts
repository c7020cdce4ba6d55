import { statSync } from 'node:fs'
import { progressText, quantity, statusLine } from '@card/app-kit'

/** Shows how far reading has come. */
export interface Progress {
  /** @param read bytes as they lie in the files, of which the percentage is one: less than `bytes` of compressed ones */
  update(bytes: number, lines: number, read?: number): void
  stop(): void
}

/**
 * A progress line on stderr where that is a terminal: a share where the size of the input is known, otherwise sums.
 *
 * @param files the inputs; `-` is stdin
 */
export function startProgress(files: readonly string[]): Progress {
  const total = process.stderr.isTTY ? sizeOf(files) : null
  const began = performance.now()
  return {
    update(bytes, lines, read = bytes) {
      statusLine.update((columns) => {
        const seconds = Math.max((performance.now() - began) / 1000, 0.001)
        const figures = [
          quantity(lines, 'line'),
          `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
          `${(bytes / 1e6).toFixed(1)} MB`,
        ]
        return progressText({ share: total === null ? null : read / Math.max(total, 1), figures }, columns)
      })
    },
    stop: () => statusLine.clear(),
  }
}

/** The bytes of all inputs together, or null when one of them is no regular file. */
function sizeOf(files: readonly string[]): number | null {
  let total = 0
  for (const file of files) {
    const status = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
    if (status === undefined || !status.isFile()) return null
    total += status.size
  }
  return total
}
