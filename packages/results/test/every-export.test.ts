import { misuseContract, type Parameter } from '@card/testing/misuse-contract'
import * as api from '../src/index.js'
import { example } from './arbitraries.js'

const latest = () => new api.LatestResults()
const reader = () => new api.CsvReader()
const options: Parameter = { right: () => ({}), takes: ['undefined', '{}'] }
const result: Parameter = { right: () => example }
const instant: Parameter = { right: () => 0, takes: ['5', '-1'] }
const group: Parameter = { right: () => 'video', takes: ['null', "'x'", "''"] }
const window: Parameter = { right: () => '1m', takes: ['undefined', "'x'", "''"] }

misuseContract({
  api,
  refusal: api.ResultsError,
  calls: {
    CsvReader: { parameters: [options] },
    'CsvReader#push': { on: reader, parameters: [{ right: () => '', takes: ["'x'", "''"] }] },
    'CsvReader#end': { on: reader, parameters: [] },
    LatestResults: { parameters: [options] },
    'LatestResults#add': { on: latest, parameters: [result] },
    'LatestResults#get': { on: latest, parameters: [result] },
    'LatestResults#values': { on: latest, parameters: [window] },
    'LatestResults#forget': {
      on: latest,
      parameters: [{ right: () => 0, takes: ['5', '-1', '1.5', 'Infinity'] }, window],
    },
    compareGroups: { parameters: [group, group] },
    csvFormat: { parameters: [options] },
    ndjsonFormat: { parameters: [options] },
    'the line of csvFormat': { call: (value) => api.csvFormat().line(value), parameters: [result] },
    'the line of ndjsonFormat': { call: (value) => api.ndjsonFormat().line(value), parameters: [result] },
    formatResult: { parameters: [result] },
    formatUtc: { parameters: [instant] },
    formatLocal: { parameters: [instant, { right: () => () => 0 }] },
    parseResult: { parameters: [{ right: () => api.formatResult(example) }] },
    parseResultKey: { parameters: [{ right: () => api.resultKey(example) }] },
    parseResultHeaders: { parameters: [{ right: () => api.resultHeaders(example) }] },
    // What is no time is NaN, as of Date.parse.
    parseTime: { parameters: [{ right: () => api.formatUtc(0), takes: ["'x'", "''"] }] },
    resultHeaders: { parameters: [result] },
    resultKey: { parameters: [result] },
    resultOrder: { parameters: [{ right: () => ['1m'], takes: ['[]'] }] },
    'the order of resultOrder': {
      call: (a, b) => api.resultOrder([example.window])(a, b),
      parameters: [result, result],
    },
  },
})
