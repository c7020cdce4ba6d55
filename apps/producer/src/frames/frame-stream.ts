import type { GenerateOptions } from '../options/generate-options.js'
import { malformedKinds } from '../options/malformed-shares.js'
import { Damage, damageSlack } from './damage.js'
import { EventTime } from './event-time.js'
import { FrameWriter, longestFrame } from './frame-writer.js'
import type { FrameParts } from './parts-writer.js'
import { Random, threshold } from './random.js'
import { type LineFacts, longestDelay, Repeats } from './repeats.js'
import { SkewedChoice } from './skewed-choice.js'

const missing = new Uint8Array(0)
const nullText = new TextEncoder().encode('null')

/**
 * The stream of lines, written one by one where the caller wants them. What happens (users, times, kinds) and
 * what only fills the lines come from different random streams: the truth does not depend on the lines' length.
 */
export class FrameStream implements LineFacts {
  /** Facts of the line written last. `group` 0 is the null group. */
  outcome = 0
  second = 0
  user = 0
  group = 0
  /** Frames begun so far, repeats not among them. */
  frames = 0
  /** An upper bound of the bytes of one line with its ending. */
  readonly longestLine: number

  readonly #options: GenerateOptions
  readonly #events: Random
  readonly #writer: FrameWriter
  readonly #damage: Damage
  readonly #time: EventTime
  readonly #users: SkewedChoice
  readonly #groups: SkewedChoice | null
  readonly #groupless: number
  readonly #repeats = new Repeats()
  readonly #repeat: number
  /** Thresholds of the kinds, summed up: one draw decides. */
  readonly #kindLimits: number[]
  readonly #parts: FrameParts = {
    user: 0,
    second: 0,
    group: 0,
    keyInstead: null,
    timeInstead: null,
    groupInstead: null,
  }

  constructor(options: GenerateOptions) {
    this.#options = options
    this.#events = new Random(options.seed, 0xe4e27)
    const groupField = options.groups > 0 ? options.groupField : null
    const { seed, lineLength, keyShapes } = options
    this.#writer = new FrameWriter({ seed, lineLength, keyShapes, groupField })
    this.#damage = new Damage(this.#writer, this.#events, options.maxLine)
    this.#time = new EventTime(options, this.#events)
    this.#users = new SkewedChoice(options.users, options.keySkew)
    this.#groups = options.groups > 0 ? new SkewedChoice(options.groups, options.groupSkew) : null
    this.#groupless = threshold(options.groupless)
    this.#repeat = threshold(options.duplicates)
    this.#kindLimits = options.malformed.map((_, kind, shares) =>
      threshold(shares.slice(0, kind + 1).reduce((sum, share) => sum + share, 0)),
    )
    const tooLong = options.malformed[0]! > 0 ? options.maxLine : 0
    this.longestLine = Math.max(longestFrame({ lineLength, groupField }), tooLong) + damageSlack + 2
  }

  /** True when every line, repeats included, has been written. */
  get done(): boolean {
    return this.frames >= this.#options.frames && this.#repeats.size === 0
  }

  /**
   * Writes the next line with its ending; `target` must have room for `longestLine`. Not to be called when done.
   *
   * @returns the position after it
   */
  writeLine(target: Uint8Array, at: number): number {
    const ended = this.frames >= this.#options.frames
    if (this.#repeats.due(ended ? Number.POSITIVE_INFINITY : this.frames))
      return this.#repeats.write(target, at, this)
    let end = this.#writeFrame(target, at)
    if (this.#options.crlf) target[end++] = 0x0d
    target[end++] = 0x0a
    if (this.#repeat > 0 && this.#events.happens(this.#repeat)) {
      this.#repeats.add(
        target.subarray(at, end),
        this.#facts(),
        this.frames + this.#events.below(longestDelay + 1),
      )
    }
    return end
  }

  #writeFrame(target: Uint8Array, at: number): number {
    const parts = this.#parts
    this.user = parts.user = this.#users.next(this.#events)
    this.second = parts.second = this.#time.of(this.frames)
    parts.groupInstead = null
    if (this.#groups !== null) this.#chooseGroup(this.#groups)
    this.frames++
    const kind = this.#kind()
    this.outcome = kind + 1
    return kind < 0
      ? this.#writer.write(target, at, parts)
      : this.#damage.write(malformedKinds[kind]!, target, at, parts)
  }

  #chooseGroup(groups: SkewedChoice): void {
    this.group = this.#parts.group = 1 + groups.next(this.#events)
    if (this.#groupless > 0 && this.#events.happens(this.#groupless)) {
      this.group = 0
      this.#parts.groupInstead = this.#events.below(2) === 0 ? missing : nullText
    }
  }

  /** The malformed kind of the next line, or -1. */
  #kind(): number {
    const limits = this.#kindLimits
    const total = limits[limits.length - 1]!
    if (total === 0) return -1
    const draw = this.#events.bits() >>> 0
    return draw < total ? limits.findIndex((limit) => draw < limit) : -1
  }

  #facts(): LineFacts {
    return { outcome: this.outcome, second: this.second, user: this.user, group: this.group }
  }
}
