import { fromBase64, toBase64 } from './base64.js'
import { isBytes } from './checks.js'
import type { Bounds, Countable, CounterJson, CounterKind, DistinctCounter } from './distinct-counter.js'
import { cannotMerge, EstimatorError, shown } from './errors.js'
import { Printable } from './printable.js'

const classNames: Record<CounterKind, string> = {
  exact: 'ExactCounter',
  linear: 'LinearCounting',
  hll: 'HyperLogLog',
  ull: 'UltraLogLog',
  auto: 'AdaptiveCounter',
}

/** What all counters have in common beyond counting. */
export abstract class Counter extends Printable implements DistinctCounter {
  abstract readonly kind: CounterKind
  abstract readonly estimator: string
  abstract add(value: Countable): void
  abstract addHashes(hashes: Uint32Array, from: number, to: number): void
  abstract count(): number
  abstract bounds(confidence?: number): Bounds
  abstract mergeBytes(bytes: Uint8Array): void
  abstract toBytes(): Uint8Array
  abstract toCanonicalBytes(): Uint8Array
  abstract clone(): this
  abstract clear(): void
  abstract memoryBytes(): number
  // Each class has its own `addHash`: engines inline a call only where it always meets the same class.
  abstract addHash(w0: number, w1: number, w2: number, w3: number): void
  /** @internal Adds a hash whose words are known to be 32-bit integers, signed or unsigned. */
  abstract addWords(w0: number, w1: number, w2: number, w3: number): void
  /** @internal What `console.log` shows besides the count. */
  protected abstract parameters(): Record<string, string | number>

  addAll(values: Iterable<Countable>): void {
    // The characters of a string and the bytes of an array are hardly ever meant to be counted one by one.
    if (typeof values === 'string' || isBytes(values) || !isIterable(values)) {
      throw new EstimatorError(
        'bad-value',
        `expected an iterable of values, such as an array or a Set, found ${shown(values)}: add one value with add`,
      )
    }
    for (const value of values) this.add(value)
  }

  toJSON(): CounterJson {
    return { kind: this.kind, count: this.count(), base64: toBase64(this.toBytes()) }
  }

  toString(): string {
    const shownParts = Object.entries({ count: rounded(this.count()), ...this.parameters() })
    return `${classNames[this.kind]} { ${shownParts.map(([name, value]) => `${name}: ${value}`).join(', ')} }`
  }

  merge(other: DistinctCounter): void {
    if (other instanceof (this.constructor as new () => this)) {
      this.mergeSame(other)
      return
    }
    // A counter from another copy of this package (ES modules and CommonJS, two releases) is recognized by its kind and
    // read through its bytes, because its fields may differ.
    const stranger = other as Partial<DistinctCounter> | null | undefined
    if (stranger?.kind !== this.kind || typeof stranger.toCanonicalBytes !== 'function') {
      throw cannotMerge(`a counter of class ${classNames[this.kind]}`, other)
    }
    this.mergeBytes(stranger.toCanonicalBytes())
  }

  /** @internal Merges with a counter of the same class. */
  protected abstract mergeSame(other: this): void
}

/** The bytes inside the JSON of a counter of this kind. @throws EstimatorError `wrong-kind`, `corrupt-bytes` */
export function bytesOfJson(json: unknown, kind: CounterKind): Uint8Array {
  const found = json as Partial<CounterJson> | null | undefined
  if (found?.kind !== kind || typeof found.base64 !== 'string') {
    const hint = typeof json === 'string' ? ': parse it with JSON.parse first' : ''
    throw new EstimatorError(
      'wrong-kind',
      `expected what toJSON of ${classNames[kind]} returns, { kind: "${kind}", base64 }, found ${shownJson(json)}${hint}`,
    )
  }
  const bytes = fromBase64(found.base64)
  if (bytes !== null) return bytes
  throw new EstimatorError(
    'corrupt-bytes',
    `base64: expected base64 with padding, found ${shown(found.base64)}`,
  )
}

function shownJson(json: unknown): string {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return shown(json)
  const { kind, base64 } = json as Record<string, unknown>
  return `{ kind: ${shown(kind)}, base64: ${shown(base64)} }`
}

function isIterable(values: unknown): boolean {
  return typeof (values as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] === 'function'
}

function rounded(count: number): number {
  return Math.round(count * 100) / 100
}
