export { EstimatorError, type EstimatorErrorCode } from './errors.js'
