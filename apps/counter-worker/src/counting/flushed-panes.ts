import { Outcome, type Pane, WindowEngine, type WindowEngineOptions } from '@card/windowing'
import type { WindowState } from './counters.js'

/** What a flush would publish, while the engine itself goes on as it was. */
export function flushedPanes(
  engine: WindowEngine<WindowState>,
  options: WindowEngineOptions<WindowState>,
  partitions: Iterable<number>,
): Pane<WindowState>[] {
  const copy = new WindowEngine<WindowState>(options)
  // A whole snapshot counts as saved: who keeps the changes since the last one makes this one's beforehand.
  copy.restore(engine.snapshot())
  // Idleness is not part of a snapshot, and a partition that held nothing back must not begin to.
  for (const partition of partitions) copy.idle(partition)
  const due = copy.takePanes()
  copy.flush()
  const { runs, released } = copy
  for (let run = 0; run < runs.length; run++) {
    if (runs.outcome[run] !== Outcome.counted) continue
    const slot = runs.slot[run]!
    const states = options.totals === true ? [copy.state(slot), copy.totalState(slot)] : [copy.state(slot)]
    for (const state of states) state?.addHashes(released.hash, runs.from[run]!, runs.to[run]!)
  }
  return [...due, ...copy.takePanes()]
}
