export { WindowingError, type WindowingErrorCode } from './errors.js'
