import type { WindowStore } from '../store/window-store.js'
import { loadWindows } from './load-windows.js'
import type { Saved, SavedCell } from './saved.js'

/**
 * Fills a new store from the records of a snapshot, at the watermark of then.
 *
 * @param lengths mean length of each size of the snapshot, by its key
 */
export function loadStore<S>(
  store: WindowStore<S>,
  records: Iterable<Saved<S>>,
  lengths: Readonly<Record<string, number>>,
  watermark: number,
): void {
  const views = store.views.flat()
  const cells: SavedCell<S>[] = []
  for (const record of records) {
    if (record.kind === 'cell') cells.push(record)
    else if (record.kind !== 'forgotten' && !views.some((view) => view.load(record))) {
      // It belonged to a view that is no more.
      if (record.kind === 'step') store.log.forget('step', record.view, record.start)
      else store.log.forget('revisions', record.view, record.end)
    }
  }
  loadWindows(store.open, cells, lengths, watermark)
  for (const view of views) view.beginAt(watermark)
  store.settle(watermark)
}
