import type { GroupTable } from '@card/frames'
import { type Pane, totalGroup } from '@card/windowing'

/**
 * Gives panes in the order of results. They come ordered by kind, end and size; within these, results are ordered by the
 * group's bytes, a total last.
 */
export function* orderPanes<S>(panes: Pane<S>[], groups: GroupTable): Generator<Pane<S>> {
  let from = 0
  while (from < panes.length) {
    const first = panes[from]!
    let to = from + 1
    while (to < panes.length && isSameWindow(panes[to]!, first)) to++
    if (to - from === 1) yield first
    else yield* inOrderOfGroups(panes.slice(from, to), groups)
    from = to
  }
}

function inOrderOfGroups<S>(panes: Pane<S>[], groups: GroupTable): Pane<S>[] {
  const at = panes.findIndex(({ group }) => group === totalGroup)
  const totals = at < 0 ? [] : panes.splice(at, 1)
  panes.sort((a, b) => groups.compare(a.group, b.group))
  panes.push(...totals)
  return panes
}

function isSameWindow(a: Pane<unknown>, b: Pane<unknown>): boolean {
  return a.kind === b.kind && a.end === b.end && a.size === b.size
}
