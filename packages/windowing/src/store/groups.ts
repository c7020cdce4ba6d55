import { totalGroup } from './total-group.js'

/** Which group ids open windows, rolling views and held frames use, so that the caller can free the others. */
export class LiveGroups {
  private readonly base = new Map<number, number>()
  private readonly cells = new Map<number, number>()
  private readonly frames = new Map<number, number>()

  /** Distinct groups that open base windows use, the null group (0), `exempt` and totals left out. */
  count = 0

  /** @param exempt the overflow group, which never counts; -1: none */
  constructor(private readonly exempt: number) {}

  /** Whether an open base window holds the group. */
  inBase(group: number): boolean {
    return this.base.has(group)
  }

  /** Whether an open window, a rolling view or a held frame uses the group. */
  isLive(group: number): boolean {
    return this.base.has(group) || this.cells.has(group) || this.frames.has(group)
  }

  addBase(group: number): void {
    if (up(this.base, group) && this.isCounted(group)) this.count++
  }

  removeBase(group: number): void {
    if (down(this.base, group) && this.isCounted(group)) this.count--
  }

  /** Of a coarser window, or a step of a rolling view. */
  addCell(group: number): void {
    up(this.cells, group)
  }

  removeCell(group: number): void {
    down(this.cells, group)
  }

  addFrame(group: number): void {
    up(this.frames, group)
  }

  removeFrame(group: number): void {
    down(this.frames, group)
  }

  private isCounted(group: number): boolean {
    return group !== 0 && group !== this.exempt && group !== totalGroup
  }
}

/** Counts one more; true when it is the first. */
function up(counts: Map<number, number>, group: number): boolean {
  const before = counts.get(group) ?? 0
  counts.set(group, before + 1)
  return before === 0
}

/** Counts one less; true when it was the last. */
function down(counts: Map<number, number>, group: number): boolean {
  const before = counts.get(group) ?? 0
  if (before > 1) counts.set(group, before - 1)
  else counts.delete(group)
  return before === 1
}
