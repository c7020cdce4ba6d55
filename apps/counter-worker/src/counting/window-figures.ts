import { confidence, type EstimatorName, type Result } from '@card/results'
import type { WindowState } from './counters.js'

/** What a result says of the users and events of its window. */
type WindowFigures = Pick<Result, 'count' | 'lower' | 'upper' | 'estimator' | 'events'>

/**
 * The users of a window and their bounds, `1 <= lower <= count <= upper <= events`: an estimate knows nothing of how many
 * frames were added, but at least one user was counted, and no more users than frames.
 */
export function windowFigures(state: WindowState, events: number): WindowFigures {
  if (state === null) return { count: events, lower: events, upper: events, estimator: 'events', events }
  const bounds = state.bounds(confidence)
  const count = clamp(Math.round(state.count()), 1, events)
  return {
    count,
    lower: clamp(Math.floor(bounds.lower), 1, count),
    upper: Number.isFinite(bounds.upper) ? clamp(Math.ceil(bounds.upper), count, events) : null,
    estimator: state.estimator as EstimatorName,
    events,
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least)
}
