export type { Aggregate } from './aggregate.js'
export type { Assigner } from './assigner.js'
export { assignerOf } from './assigner-of.js'
export { WindowEngine } from './engine.js'
export { WindowingError, type WindowingErrorCode } from './errors.js'
export type { EventColumns } from './event-columns.js'
export { kafkaStreamsOptions } from './kafka-streams.js'
export type { WindowEngineOptions } from './options.js'
export type { Pane, PaneKind } from './pane.js'
export { type PlannedSize, rollUpPlan } from './plan.js'
export type { ReleasedFrames } from './released.js'
export type { Expired } from './retention.js'
export type { RollingView } from './rolling.js'
export { RowWindows, type RowWindowsOptions, type SettledValue } from './row-windows.js'
export { Outcome, type OutcomeName, outcomeNames, type Runs, Source } from './runs.js'
export type { CalendarSize, CalendarUnit, FixedSize, WindowSize } from './size.js'
export {
  applyChanges,
  type CellRecord,
  type GroupNames,
  type HeldRecord,
  type PartitionRecord,
  type RollingRecord,
  type WindowingSnapshot,
} from './snapshot.js'
export { type PartitionMark, Watermarks } from './watermarks.js'
