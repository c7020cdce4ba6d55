import { progressText, quantity, type StatusLine, statusLine, withCommas } from '@card/app-kit'

/** A line that shows how far the run is. */
export interface Progress {
  /** @param done of the total @param amount what the other figure counts, see `showProgress` */
  update(done: number, amount: number): void
  stop(): void
}

type Work = 'generating' | 'replaying' | 'reading'

/**
 * A progress line on stderr when that is a terminal.
 *
 * @param total of what `update` is told: frames, bytes read, offsets; null where it is unknown
 */
export function showProgress(work: Work, total: number | null, line: StatusLine = statusLine): Progress {
  const began = performance.now()
  return {
    update(done, amount) {
      line.update((columns) => {
        const seconds = Math.floor((performance.now() - began) / 1000)
        const figures = [...figuresOf(work, done, amount), `${seconds} s`]
        return progressText({ share: total === null ? null : done / Math.max(total, 1), figures }, columns)
      })
    },
    stop: () => line.clear(),
  }
}

function figuresOf(work: Work, done: number, amount: number): string[] {
  switch (work) {
    case 'generating':
      return [quantity(done, 'frame'), `${withCommas(amount / 1e6)} MB`]
    case 'replaying':
      return [quantity(amount, 'frame')]
    case 'reading':
      return [quantity(done, 'offset')]
  }
}
