import type { Pane } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'
import type { Partial } from './partial.js'

/** What a pane of a base window says to a merger, with its live state. */
export function livePartial({ start, group, events, added, state, last }: Pane<WindowState>): Partial {
  return { start, group, events, added, state: { form: 'live', state, owned: last } }
}
