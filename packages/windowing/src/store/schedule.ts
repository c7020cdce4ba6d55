import type { Assigner } from '../time/assigner.js'
import type { OpenWindows } from './open-windows.js'

const never = Number.NEGATIVE_INFINITY
const always = Number.POSITIVE_INFINITY

/** Knows the least watermark at which there is something to do. */
export class Schedule<S> {
  /** the least end - 1 of a base window above the watermark */
  private nextGrid = never
  /** the watermark has passed the end of a base window since panes were taken */
  crossed = false
  /** the last watermark at which nothing was due */
  idleAt = never
  /** the least watermark at which a rolling view is due */
  nextView = always
  /** the least watermark at which a rolling view can forget a step, which it does where base windows end */
  nextExpiry = always
  /** corrections wait */
  correcting = false

  /**
   * @param base the assigner of base windows
   * @param atOnce corrections come out at each event
   */
  constructor(
    private readonly open: OpenWindows<S>,
    private readonly base: Assigner,
    private readonly lateness: number,
    readonly atOnce: boolean,
  ) {}

  /** The least watermark at which there is something to do. */
  get attention(): number {
    const firing = this.open.waiting.top
    const retiring = this.open.retiring.top
    return Math.min(
      this.nextView,
      Math.max(this.nextExpiry, this.nextGrid),
      firing === undefined ? always : firing.end - 1,
      retiring === undefined ? always : retiring.end - 1 + this.lateness,
      this.correction,
    )
  }

  /** The least watermark at which corrections come out. */
  private get correction(): number {
    if (!this.correcting) return always
    if (this.atOnce) return never
    // Before there is a watermark, no end of a base window lies ahead.
    return this.nextGrid === never ? always : this.nextGrid
  }

  /** Follows the watermark; true if panes are due or windows can drop their state. */
  follow(watermark: number): boolean {
    const due = watermark >= this.attention
    if (!due) this.idleAt = watermark
    if (watermark >= this.nextGrid && watermark !== never) {
      this.crossed = due
      this.nextGrid = this.gridAfter(watermark)
    }
    return due
  }

  /** Begins at a watermark at which nothing is due. */
  beginAt(watermark: number): void {
    this.idleAt = watermark
    this.nextGrid = watermark === never ? never : this.gridAfter(watermark)
  }

  /** The least end - 1 of a base window above a watermark. */
  private gridAfter(watermark: number): number {
    if (watermark === always) return always
    this.base.locate(watermark + 1)
    return this.base.end - 1
  }
}
