import { anyBut, misuseContract, type Parameter } from '@card/testing/misuse-contract'
import * as api from '../src/index.js'

const { AdaptiveCounter, ExactCounter, HllUnion, HyperLogLog, LinearCounting, UltraLogLog } = api

const counters = {
  AdaptiveCounter: () => new AdaptiveCounter(),
  ExactCounter: () => new ExactCounter(),
  HyperLogLog: () => new HyperLogLog(),
  LinearCounting: () => new LinearCounting({ bits: 64 }),
  UltraLogLog: () => new UltraLogLog(),
}

const options: Parameter = { right: () => ({}), takes: ['undefined', '{}'] }
const confidence: Parameter = { right: () => 0.95, takes: ['undefined'] }
const word: Parameter = { right: () => 1, takes: ['5', '-1'] }
/** Everything that is hashed: only these are values of no counter. */
const countable: Parameter = {
  right: () => 'ann',
  takes: anyBut('undefined', 'null', '{}', '[]', 'Symbol()', 'a function'),
}
const text: Parameter = { right: () => 'ann', takes: ["'x'", "''"] }
const seed: Parameter = { right: () => 1, takes: ['undefined', '5'] }
const precision: Parameter = { right: () => 10, takes: ['5'] }
const hashes: Parameter = { right: () => new Uint32Array(40) }

function counterCalls(name: keyof typeof counters) {
  const on = counters[name]
  const bytes: Parameter = { right: () => on().toBytes() }
  return {
    [name]: { parameters: name === 'LinearCounting' ? [{ right: () => ({ bits: 64 }) }] : [options] },
    [`${name}.from`]: { parameters: [bytes] },
    [`${name}.fromJSON`]: { parameters: [{ right: () => on().toJSON() }] },
    [`${name}#add`]: { on, parameters: [countable] },
    [`${name}#addAll`]: { on, parameters: [{ right: () => ['ann'], takes: ['[]'] as const }] },
    [`${name}#addHash`]: { on, parameters: [word, word, word, word] },
    // Ten rows, of which none are meant where the first does not come before the last.
    [`${name}#addHashes`]: {
      on,
      parameters: [hashes, { right: () => 0, takes: ['5'] }, { right: () => 1, takes: ['5'] }],
    },
    [`${name}#bounds`]: { on, parameters: [confidence] },
    [`${name}#merge`]: { on, parameters: [{ right: on }] },
    [`${name}#mergeBytes`]: { on, parameters: [bytes] },
    ...withoutParameters(name, on, [
      'count',
      'toBytes',
      'toCanonicalBytes',
      'toJSON',
      'toString',
      'clone',
      'clear',
      'memoryBytes',
    ]),
  } as const
}

function withoutParameters(name: string, on: () => object, methods: readonly string[]) {
  return Object.fromEntries(methods.map((method) => [`${name}#${method}`, { on, parameters: [] }]))
}

/** Marks of an empty counter: there is one, 0. */
const mark = (right: number): Parameter => ({ right: () => right, takes: ['undefined'] })

function deltaCalls(name: 'AdaptiveCounter' | 'ExactCounter') {
  const on = counters[name]
  return {
    [`${name}#trackDeltas`]: { on, parameters: [mark(0)] },
    [`${name}#delta`]: { on, parameters: [{ right: () => 0 }, mark(0)] },
    [`${name}#releaseDeltas`]: { on, parameters: [{ right: () => 0 }] },
  }
}

misuseContract({
  api,
  refusal: api.EstimatorError,
  internal: [
    '#addRows',
    '#addWords',
    '#boundsOf',
    '#histogram',
    '#holding',
    '#mergeSame',
    '#parameters',
    '#recount',
    '#settle',
    '#shareOptions',
    '#unionOf',
    '#withHeader',
  ],
  calls: {
    ...counterCalls('AdaptiveCounter'),
    ...counterCalls('ExactCounter'),
    ...counterCalls('HyperLogLog'),
    ...counterCalls('LinearCounting'),
    ...counterCalls('UltraLogLog'),
    ...deltaCalls('AdaptiveCounter'),
    ...deltaCalls('ExactCounter'),
    'AdaptiveCounter#toHllImage': {
      on: counters.AdaptiveCounter,
      parameters: [{ right: () => 10, takes: ['undefined', '5'] }],
    },
    'ExactCounter#addTo': { on: counters.ExactCounter, parameters: [{ right: counters.HyperLogLog }] },
    'ExactCounter#shardSizes': { on: counters.ExactCounter, parameters: [precision] },
    'ExactCounter#toShards': { on: counters.ExactCounter, parameters: [precision] },
    'ExactCounter#toHyperLogLog': { on: counters.ExactCounter, parameters: [precision] },
    'ExactCounter#toHllImage': { on: counters.ExactCounter, parameters: [precision] },
    'HyperLogLog#toBytes': {
      on: counters.HyperLogLog,
      parameters: [{ right: () => 'compact', takes: ['undefined'] }],
    },
    'HyperLogLog#toHllImage': {
      on: counters.HyperLogLog,
      parameters: [{ right: () => 10, takes: ['undefined', '5'] }],
    },
    'HyperLogLog#converted': {
      on: counters.HyperLogLog,
      parameters: [{ right: () => ({ precision: 5 }), takes: ['{}'] }],
    },
    'HyperLogLog#hipBounds': { on: counters.HyperLogLog, parameters: [confidence] },
    ...withoutParameters('HyperLogLog', counters.HyperLogLog, ['hipCount', 'likelihoodCount']),
    HllUnion: { parameters: [options] },
    'HllUnion#update': { on: () => new HllUnion(), parameters: [{ right: counters.HyperLogLog }] },
    'HllUnion#result': {
      on: () => new HllUnion(),
      parameters: [{ right: () => 'HLL_8', takes: ['undefined'] }],
    },
    ...withoutParameters('HllUnion', () => new HllUnion(), ['toJSON', 'toString']),
    ...withoutParameters('LinearCounting', counters.LinearCounting, ['standardError']),
    'UltraLogLog.fromRegisters': { parameters: [{ right: () => new Uint8Array(8) }] },
    'UltraLogLog#reduced': { on: counters.UltraLogLog, parameters: [precision] },
    ...withoutParameters('UltraLogLog', counters.UltraLogLog, [
      'fgraCount',
      'martingaleCount',
      'toRegisters',
    ]),
    addKeys: {
      parameters: [
        { right: counters.ExactCounter },
        { right: () => Uint8Array.of(97, 98) },
        { right: () => Uint32Array.of(0, 1, 2) },
        { right: () => 0, takes: ['undefined', '5'] },
        { right: () => 1, takes: ['undefined'] },
      ],
    },
    murmur3x64128: {
      parameters: [
        text,
        seed,
        { right: () => new Uint32Array(10), takes: ['undefined'] },
        { right: () => 0, takes: ['undefined', '5'] },
      ],
    },
    murmur3x8632: { parameters: [text, seed] },
    recommend: { parameters: [{ right: () => ({}), takes: ['{}'] }] },
  },
})
