import { GroupCounts } from './group-counts.js'
import { totalGroup } from './total-group.js'

/** A cell of a coarser window counts so much, one of a base window 1: no group has as many base windows open. */
const coarser = 2 ** 26

/** Which group ids open windows, rolling views and held frames use, so that the caller can free the others. */
export class LiveGroups {
  /** cells of each group: of base windows, and `coarser` times those of others, in one number that mostly is a small one */
  private readonly cells = new GroupCounts()
  private readonly frames = new GroupCounts()

  /** Distinct groups that open base windows use, without the null group (0), `exempt` and totals. */
  count = 0

  /** @param exempt the overflow group, which never counts; -1: none */
  constructor(private readonly exempt: number) {}

  /** Whether an open base window holds the group. */
  inBase(group: number): boolean {
    return this.cells.get(group) % coarser > 0
  }

  /** Whether an open window, a rolling view or a held frame uses the group. */
  isLive(group: number): boolean {
    return this.cells.get(group) > 0 || this.frames.get(group) > 0
  }

  addBase(group: number): void {
    if (this.cells.add(group, 1) % coarser === 1 && this.isCounted(group)) this.count++
  }

  removeBase(group: number): void {
    if (this.cells.add(group, -1) % coarser === 0 && this.isCounted(group)) this.count--
  }

  /** Of a coarser window, or a step of a rolling view. */
  addCell(group: number): void {
    this.cells.add(group, coarser)
  }

  removeCell(group: number): void {
    this.cells.add(group, -coarser)
  }

  addFrame(group: number): void {
    this.frames.add(group, 1)
  }

  removeFrame(group: number): void {
    this.frames.add(group, -1)
  }

  private isCounted(group: number): boolean {
    return group !== 0 && group !== this.exempt && group !== totalGroup
  }
}
