import type { OpenWindows } from './open-windows.js'

/** Open windows of each size by name, without hidden ones. */
export function openBySize<S>({ plan, bySize }: OpenWindows<S>): Record<string, number> {
  const shown = plan.filter((size) => !size.hidden)
  return Object.fromEntries(shown.map((size) => [size.size.name, bySize[size.index]!.size]))
}

/** Bytes of the states of open windows by size. */
export function stateBytes<S>(open: OpenWindows<S>): Record<string, number> {
  return Object.fromEntries(
    open.plan.map((size) => {
      let bytes = 0
      for (const { state } of open.cells(size)) {
        if (state !== undefined) bytes += open.aggregate.measure(state)
      }
      return [size.size.name, bytes]
    }),
  )
}

/** How many results a flush would publish: windows and groups not published yet, or changed since. */
export function unfinished<S>(open: OpenWindows<S>): number {
  let count = 0
  for (const size of open.plan) {
    if (size.hidden) continue
    for (const cell of open.cells(size)) if (cell.dirty || !(cell.fired || cell.announced)) count++
  }
  return count
}
