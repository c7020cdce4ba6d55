import { totalGroup } from './total-group.js'

/** Which group ids open windows and held frames use, so that the caller can free the others. */
export class LiveGroups {
  private readonly cells = new Map<number, number>()
  private readonly frames = new Map<number, number>()

  /** Distinct groups that open windows use, the null group (0), `exempt` and totals left out. */
  count = 0

  /** @param exempt the overflow group, which never counts; -1: none */
  constructor(private readonly exempt: number) {}

  /** Whether an open window holds the group. */
  inWindow(group: number): boolean {
    return this.cells.has(group)
  }

  /** Whether an open window or a held frame uses the group. */
  isLive(group: number): boolean {
    return this.cells.has(group) || this.frames.has(group)
  }

  addCell(group: number): void {
    if (up(this.cells, group) && this.isCounted(group)) this.count++
  }

  removeCell(group: number): void {
    if (down(this.cells, group) && this.isCounted(group)) this.count--
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
