import { type Pane, WindowEngine, type WindowEngineOptions } from '@card/windowing'
import type { WindowState } from './counters.js'

/**
 * What a flush would publish of the open windows, while the engine itself goes on as it was. Held frames are left out:
 * what is published has been counted.
 */
export function flushedPanes(
  engine: WindowEngine<WindowState>,
  options: WindowEngineOptions<WindowState>,
  partitions: Iterable<number>,
): Pane<WindowState>[] {
  const copy = new WindowEngine<WindowState>(options)
  // A whole snapshot counts as saved: who keeps the changes since the last one makes this one's beforehand.
  const snapshot = engine.snapshot()
  const partitionsWithoutHeld = snapshot.partitions.map((partition) => ({ ...partition, held: [] }))
  copy.restore({ ...snapshot, partitions: partitionsWithoutHeld })
  // Idleness is not part of a snapshot, and a partition that held nothing back must not begin to.
  for (const partition of partitions) copy.idle(partition)
  const due = copy.takePanes()
  copy.flush()
  return [...due, ...copy.takePanes()]
}
