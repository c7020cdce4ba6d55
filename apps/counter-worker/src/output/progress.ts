import { statSync } from 'node:fs'
import { isatty } from 'node:tty'
import { loadPackage } from '../load-package.js'

/** Shows how far reading has come. */
export interface Progress {
  /** @param read bytes as they lie in the files, of which the percentage is one: less than `bytes` of compressed ones */
  update(bytes: number, lines: number, read?: number): void
  stop(): void
}

const silent: Progress = { update() {}, stop() {} }

/**
 * A progress line on stderr, when stderr is a terminal and results go elsewhere, so that they do not mix: a bar where the
 * size of the input is known, otherwise sums.
 *
 * @param files the inputs; `-` is stdin
 */
export function startProgress(files: readonly string[]): Progress {
  if (!process.stderr.isTTY || isatty(1)) return silent
  const cliProgress = loadPackage('cli-progress') as typeof import('cli-progress')
  const total = sizeOf(files)
  const sums = '{lines} lines  {megabytes} MB  {rate} MB/s'
  const bar = new cliProgress.SingleBar({
    stream: keepingPlace(process.stderr),
    format: total === null ? sums : `{bar} {percentage}%  ${sums}`,
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
  })
  const began = performance.now()
  bar.start(total ?? 0, 0, { lines: 0, megabytes: '0.0', rate: '0' })
  return {
    update(bytes, lines, read = bytes) {
      const seconds = (performance.now() - began) / 1000
      bar.update(total === null ? 0 : Math.min(read, total), {
        lines: lines.toLocaleString('en-US'),
        megabytes: (bytes / 1e6).toFixed(1),
        rate: (bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(0),
      })
    },
    stop: () => bar.stop(),
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

/**
 * The stream without the marks that save the cursor's place and put it back there: cli-progress 3.12 does so at its end,
 * on top of what was logged since it began.
 */
function keepingPlace(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (text: string, ...rest: []) =>
    text === '\x1b7' || text === '\x1b8' || stream.write(text, ...rest)
  return Object.create(stream, { write: { value: write } })
}
