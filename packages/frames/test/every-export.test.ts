import { anyBut, misuseContract, type Parameter } from '@card/testing/misuse-contract'
import * as api from '../src/index.js'

const options: api.FrameOptions = {
  key: 'uid',
  time: 'ts',
  timeUnit: 'auto',
  groupBy: null,
  maxLine: 1024,
  rows: 16,
}
const sharing = { threads: 2, blocks: 2 }
const reader = () => new api.FrameReader(options)
const sharingReader = () => new api.FrameReader(options, sharing)
const blocks = () => sharingReader().blocks!
const groups = () => new api.GroupTable()
const records = () => ({
  bytes: new Uint8Array(8),
  start: 0,
  end: 0,
  count: 0,
  baseOffset: 0,
  lastOffset: 0,
  baseTimestamp: 0,
  maxTimestamp: 0,
  brokerTime: false,
  fromOffset: 0,
  toOffset: 1,
})

const bytes: Parameter = { right: () => new Uint8Array(8) }
const size: Parameter = { right: () => 1, takes: ['5'] }
const range: Parameter = { right: () => 0, takes: ['5'] }
/** An id that is not in use has no text and no bytes. */
const id: Parameter = { right: () => 0, takes: ['5', '-1', '1.5', 'NaN', 'Infinity'] }

misuseContract({
  api,
  refusal: api.FramesError,
  calls: {
    FrameReader: {
      parameters: [{ right: () => options }, { right: () => null, takes: ['undefined', 'null'] }],
    },
    'FrameReader#reserve': { on: reader, parameters: [size] },
    'FrameReader#commit': { on: reader, parameters: [{ right: () => 0 }] },
    'FrameReader#write': { on: reader, parameters: [bytes] },
    'FrameReader#endOfSource': { on: reader, parameters: [] },
    'FrameReader#next': { on: reader, parameters: [] },
    'FrameReader#clear': { on: reader, parameters: [] },
    'FrameReader#pushValue': {
      on: reader,
      parameters: [
        { right: () => null, takes: ['null'] },
        { right: () => 0, takes: ['5', '-1', '1.5', 'Infinity'] },
        { right: () => ({ key: null, timestamp: -1 }), takes: ['undefined'] },
      ],
    },
    'FrameReader#pushRecords': { on: reader, parameters: [{ right: records }] },
    'FrameReader#shareRecords': { on: sharingReader, parameters: [{ right: records }] },
    'a reader without blocks that shares records': {
      call: (value) => reader().shareRecords(value),
      parameters: [{ right: records }],
    },
    GroupTable: { parameters: [] },
    'GroupTable#id': { on: groups, parameters: [{ right: () => 'a', takes: ["'x'", "''"] }] },
    'GroupTable#intern': { on: groups, parameters: [bytes, range, { right: () => 8, takes: ['5'] }] },
    'GroupTable#text': { on: groups, parameters: [id] },
    'GroupTable#bytes': { on: groups, parameters: [id] },
    'GroupTable#compare': { on: groups, parameters: [id, id] },
    'GroupTable#ranks': { on: groups, parameters: [] },
    'GroupTable#sweep': { on: groups, parameters: [{ right: () => () => true, takes: ['a function'] }] },
    KeyReader: { parameters: [{ right: () => 'uid', takes: ["'x'"] }] },
    'KeyReader#read': { on: () => new api.KeyReader('uid'), parameters: [bytes] },
    BlockScanner: { parameters: [{ right: () => blocks().space }, { right: () => 1 }] },
    'BlockScanner#scan': {
      on: () => new api.BlockScanner(blocks().space, 1),
      parameters: [{ right: () => 0 }],
    },
    'Blocks.isFull': { call: (value) => blocks().isFull(value), parameters: [size] },
    'Blocks.cut': { call: (value) => blocks().cut(value), parameters: [{ right: () => 0, takes: ['5'] }] },
    'Blocks.scan': { call: (value) => blocks().scan(value), parameters: [{ right: () => 0 }] },
    'the first step of readFrames': {
      call: (stream, reading) => api.readFrames(stream, reading).next(),
      parameters: [{ right: () => [new Uint8Array(3)], takes: ['[]'] }, { right: () => options }],
    },
    readFrames: {
      parameters: [
        { right: () => [], takes: anyBut() },
        { right: () => options, takes: anyBut() },
      ],
    },
  },
})
