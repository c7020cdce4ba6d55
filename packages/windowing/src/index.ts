export { WindowEngine } from './engine/engine.js'
export { kafkaStreamsOptions } from './engine/kafka-streams.js'
export type { WindowEngineOptions } from './engine/options.js'
export type { Expired } from './engine/retention.js'
export { RowWindows, type RowWindowsOptions, type SettledValue } from './engine/row-windows.js'
export { WindowingError, type WindowingErrorCode } from './errors.js'
export type { GuardFigures } from './guard/guard.js'
export type { EventColumns } from './intake/event-columns.js'
export type { ReleasedFrames } from './intake/released.js'
export { Outcome, type OutcomeName, outcomeNames, type Runs, Source } from './intake/runs.js'
export type { RollingView } from './rolling/rolling-view.js'
export type { ChangeStream } from './snapshot/change-stream.js'
export type { Forgotten, Saved, SavedCell, SavedRevision, SavedStep } from './snapshot/saved.js'
export type {
  EngineHead,
  FarRunRecord,
  GroupNames,
  HeldRecord,
  PartitionRecord,
  WindowingSnapshot,
} from './snapshot/snapshot.js'
export type { Aggregate } from './store/aggregate.js'
export type { GroupOrder } from './store/announce.js'
export type { Pane, PaneKind } from './store/pane.js'
export { totalGroup } from './store/total-group.js'
export type { Assigner } from './time/assigner.js'
export { assignerOf } from './time/assigner-of.js'
export { type PlannedSize, rollUpPlan } from './time/plan.js'
export type { CalendarSize, CalendarUnit, FixedSize, WindowSize } from './time/size.js'
export { type PartitionMark, Watermarks } from './time/watermarks.js'
export { zoneOffset } from './time/zone-offset.js'
