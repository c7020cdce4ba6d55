export type { CommandSpec, ProgramSpec } from './commands/command-spec.js'
export type { ManualPart } from './commands/manual.js'
export { type Invocation, manualOf, readCommandLine } from './commands/read-command-line.js'
export { ExitCode } from './exit/exit-code.js'
export { ExitError, messageOf } from './exit/exit-error.js'
export { Failures } from './exit/failures.js'
export { loadPackage } from './load-package.js'
export { createLog, type Logger } from './log.js'
export type { Candidate, Conflict, Party } from './options/conflict.js'
export type { Environment, VariableNames } from './options/environment.js'
export type { GivenFlags } from './options/given-flags.js'
export {
  flagOf,
  keyOf,
  type Option,
  type OptionTable,
  type OptionValues,
  option,
  variableOf,
} from './options/option.js'
export { type Origin, sourceOf } from './options/origin.js'
export { renderSettings } from './options/render-settings.js'
export { type FindConflicts, type Settled, type Sources, settle } from './options/settle.js'
export { didYouMean } from './options/suggestion.js'
export { type Grace, Stop, type StopReason } from './stop.js'
export { escapeControls } from './terminal/escape-controls.js'
export { printText } from './terminal/print-text.js'
export { progressText } from './terminal/progress-text.js'
export { quantity, withCommas } from './terminal/quantity.js'
export { type Screen, StatusLine, statusLine } from './terminal/status-line.js'
export { brokerList, listenAddress } from './values/addresses.js'
export { BadValue, type ReadValue } from './values/bad-value.js'
export { duration, durationOrOff } from './values/duration.js'
export { filePath, groupName, topicName } from './values/names.js'
export { byteSize, decimal, percentage, wholeNumber } from './values/numbers.js'
export { oneOf, yesOrNo } from './values/words.js'
