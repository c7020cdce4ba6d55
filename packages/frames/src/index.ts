export { FramesError, type FramesErrorCode } from './errors.js'
