import { Presets, SingleBar } from 'cli-progress'

/** A line that shows how far the run is. */
export interface Progress {
  update(frames: number, bytes: number): void
  stop(): void
}

const silent: Progress = { update() {}, stop() {} }

export interface Screens {
  readonly stdout: { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** A progress line on stderr when that is a terminal, and the frames do not go to the same screen. */
export function showProgress(total: number, toStdout: boolean, screens: Screens = process): Progress {
  const { stdout, stderr } = screens
  if (stderr.isTTY !== true || (toStdout && stdout.isTTY === true)) return silent
  const bar = new SingleBar(
    {
      format:
        'generating {bar} {percentage}% | {value}/{total} frames | {megabytes} MB | {duration_formatted}',
      stream: stderr,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
    },
    Presets.shades_grey,
  )
  bar.start(total, 0, { megabytes: 0 })
  return {
    update: (frames, bytes) => bar.update(frames, { megabytes: Math.round(bytes / 1e6) }),
    stop: () => bar.stop(),
  }
}
