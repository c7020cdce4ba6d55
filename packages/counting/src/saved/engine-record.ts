import type { Saved } from '@card/windowing'
import type { WindowState } from '../state/window-state.js'

/** A record of the state of an engine of counters; states are live. */
export type EngineRecord = Saved<WindowState>
