import { quantity } from '@card/app-kit'
import type { RefusedLine, TimeWarning } from '@card/counting'
import { printable } from './printable.js'

/** A warning of one kind comes at most this often, in ms: a hostile stream shall not fill the log. */
const period = 60_000

/** Says what is odd about event times, with an example. */
export class OddTimes {
  readonly #tell: (warning: string) => void
  readonly #now: () => number
  readonly #told = new Map<TimeWarning['kind'], { at: number; since: number }>()

  /** @param now ms of any clock that never goes back */
  constructor(tell: (warning: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }

  readonly warn = (warning: TimeWarning): void => {
    const told = this.#told.get(warning.kind)
    const now = this.#now()
    if (told !== undefined && now - told.at < period) {
      told.since++
      return
    }
    const more =
      told === undefined || told.since === 0
        ? ''
        : ` (${quantity(told.since, 'more such case')} since the last warning)`
    this.#told.set(warning.kind, { at: now, since: 0 })
    this.#tell(`${textOf(warning)}${more}`)
  }
}

function textOf(warning: TimeWarning): string {
  const source = printable(warning.source)
  switch (warning.kind) {
    case 'held':
      return `${source}: a frame of ${iso(warning.time)} is far ahead of all others; it is held until other frames corroborate its time: ${exampleOf(warning.example)}`
    case 'leap':
      return `${source}: event time jumped from ${iso(warning.from)} to ${iso(warning.to)}, which several frames confirm; frames from before the jump are late from now on`
    case 'mostly-late':
      return `${source}: more than half of the last 1,000 frames were late; --out-of-order or --lateness may be too short, or two producers' clocks differ${warning.example === null ? '' : `: ${exampleOf(warning.example)}`}`
  }
}

function exampleOf({ offset, line }: RefusedLine): string {
  return `offset ${offset}: ${printable(line)}`
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
