import { Presets, SingleBar } from 'cli-progress'

/** A line that shows how far the run is. */
export interface Progress {
  /** @param done of the total @param amount what the other figure counts, see `showProgress` */
  update(done: number, amount: number): void
  stop(): void
}

const silent: Progress = { update() {}, stop() {} }

export interface Screens {
  readonly stdout: { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

const formats = {
  generating: '{bar} {percentage}% | {value}/{total} frames | {megabytes} MB | {duration_formatted}',
  replaying: '{bar} {percentage}% | {amount} frames | {duration_formatted}',
  reading: '{bar} {percentage}% | {value}/{total} offsets | {duration_formatted}',
}

/**
 * A progress line on stderr when that is a terminal, and no results go to the same screen.
 *
 * @param total of what `update` is told: frames, bytes read, offsets; null where it is unknown
 */
export function showProgress(
  work: keyof typeof formats,
  total: number | null,
  toStdout: boolean,
  screens: Screens = process,
): Progress {
  const { stdout, stderr } = screens
  if (stderr.isTTY !== true || (toStdout && stdout.isTTY === true)) return silent
  const format = total === null ? '{amount} frames | {duration_formatted}' : formats[work]
  const bar = new SingleBar(
    {
      format: `${work} ${format}`,
      stream: keepingPlace(stderr),
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
    },
    Presets.shades_grey,
  )
  bar.start(total ?? 1, 0, { megabytes: 0, amount: 0 })
  return {
    update: (done, amount) => bar.update(done, { megabytes: Math.round(amount / 1e6), amount }),
    stop: () => bar.stop(),
  }
}

/**
 * The stream without the marks that save the cursor's place and put it back there: cli-progress 3.12 does so at its end,
 * on top of what was printed since it began.
 */
function keepingPlace(stream: NodeJS.WritableStream): NodeJS.WritableStream {
  const write = (text: string, ...rest: []) =>
    text === '\x1b7' || text === '\x1b8' || stream.write(text, ...rest)
  return Object.create(stream, { write: { value: write } })
}
