import { badOption, EstimatorError, shown, tagOf } from './errors.js'

/**
 * Catches what plain JavaScript lets through: `new HyperLogLog(10)`, `{ precison: 10 }`.
 *
 * @throws EstimatorError `bad-option` unless `options` is an object with no other keys than the known ones
 */
export function checkOptions(owner: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const form = known.length === 0 ? 'no options' : `options as an object { ${known.join(', ')} }`
    throw new EstimatorError('bad-option', `${owner}: expected ${form}, found ${shown(options)}`)
  }
  for (const key in options) {
    if (known.includes(key)) continue
    const meant = known.find((name) => isNear(key.toLowerCase(), name.toLowerCase()))
    const hint = meant === undefined ? `it takes ${known.join(', ') || 'none'}` : `did you mean "${meant}"?`
    throw new EstimatorError('bad-option', `${owner}: unknown option ${shown(key)}: ${hint}`)
  }
}

/** Whether two names are at most two insertions, deletions or replacements apart. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]! <= 2
}

/** @throws EstimatorError `bad-option` unless `value` is a whole number from `least` to `most` */
export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw badOption(name, `a whole number from ${least} to ${most}`, value)
}

/** @throws EstimatorError `bad-option` unless `value` is one of the known ones */
export function checkOneOf<T>(name: string, value: T, known: readonly T[]): T {
  if (known.includes(value)) return value
  throw badOption(name, `one of ${known.filter((one) => one !== undefined).join(', ')}`, value)
}

/** The number of standard deviations, 1 to 3, whose normal coverage reaches a confidence. */
export function sigmasOf(confidence: number): 1 | 2 | 3 {
  if (typeof confidence === 'number' && confidence > 0) {
    if (confidence <= 0.6827) return 1
    if (confidence <= 0.9545) return 2
    if (confidence <= 0.9973) return 3
  }
  throw badOption('confidence', 'a number above 0 and at most 0.9973', confidence)
}

/** @throws EstimatorError `bad-option` unless a matrix of hashes has the rows `from` to `to`, or the range is empty */
export function checkRows(hashes: Uint32Array, from: number, to: number): void {
  // A batch may be a single row, so the common case is a few comparisons that are inlined.
  if (!(isWord(from) && isWord(to) && hashes instanceof Uint32Array && 4 * to <= hashes.length)) {
    refuseUnlessEmpty(hashes, from, to)
  }
}

function refuseUnlessEmpty(hashes: Uint32Array, from: number, to: number): void {
  if (tagOf(hashes) !== 'Uint32Array') throw badOption('hashes', 'a Uint32Array, four words a row', hashes)
  checkInteger('from', from, 0, Number.MAX_SAFE_INTEGER)
  checkInteger('to', to, 0, Number.MAX_SAFE_INTEGER)
  if (from < to) checkInteger('to', to, 0, hashes.length >>> 2)
}

/** @throws EstimatorError `bad-option` unless each of the four words of a hash is a 32-bit integer, signed or not */
export function checkWords(w0: number, w1: number, w2: number, w3: number): void {
  if (!(isWord(w0) && isWord(w1) && isWord(w2) && isWord(w3))) refuseUnlessSigned([w0, w1, w2, w3])
}

// Kept out of the check, so that the check is small enough to be inlined.
function refuseUnlessSigned(words: readonly number[]): void {
  words.forEach((word, i) => {
    if (isWord(word) || (typeof word === 'number' && (word | 0) === word)) return
    throw badOption(`w${i}`, 'a word of a hash, a 32-bit integer', word)
  })
}

function isWord(word: unknown): boolean {
  return typeof word === 'number' && word >>> 0 === word
}

/** Whether a value is a Uint8Array, of this realm or another: a frame, a `vm` context, a test runner's sandbox. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || tagOf(value) === 'Uint8Array'
}

/** @throws EstimatorError `wrong-kind` unless a value is a Uint8Array */
export function checkBytes(value: unknown): void {
  if (isBytes(value)) return
  const hint =
    typeof value === 'string' ? ': decode its base64 first' : ': wrap a buffer in new Uint8Array(buffer)'
  throw new EstimatorError('wrong-kind', `expected bytes as a Uint8Array, found ${shown(value)}${hint}`)
}
