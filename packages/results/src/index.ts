export { type CsvOptions, csvFormat } from './csv.js'
export { CsvReader } from './csv-reader.js'
export { ResultsError, type ResultsErrorCode } from './errors.js'
export { formatResult, type NdjsonOptions, ndjsonFormat, type ResultFormat } from './format.js'
export { parseResultHeaders, parseResultKey, resultHeaders, resultKey } from './key.js'
export { LatestResults } from './latest.js'
export { compareGroups, resultOrder } from './order.js'
export { parseResult } from './parse.js'
export {
  confidence,
  type EstimatorName,
  estimators,
  type PaneName,
  panes,
  type Result,
  type ResultName,
} from './result.js'
export { formatLocal, formatUtc, type OffsetAt, parseTime } from './time.js'
