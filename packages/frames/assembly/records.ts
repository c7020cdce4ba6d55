import { isBlank, lineFeed } from './bytes'
import {
  addBlank,
  beginScan,
  bytes,
  capacity,
  counted,
  finishRow,
  groupCell,
  hashCell,
  nextRow,
  rows,
  unsure,
} from './columns'
import { behindObject, isOneLine, judge } from './frame'

/** Why the last walk ended: all was taken, the columns are full, the bytes end within a record, or a record is damaged. */
const done: u32 = 0
const full: u32 = 1
const cut: u32 = 2
const damaged: u32 = 3
/** Attributes, time, offset, key length, value length, headers: a byte each. */
const leastLength: i64 = 6

/** Of the last walk: the address of the first record not taken, and what was taken. */
export let nextRecord: usize = 0
export let taken: u32 = 0
export let valueBytes: f64 = 0

let recordTimes: usize = 0
let recordKeys: usize = 0
let isParsed: bool = true
let baseOffset: f64 = 0
let lastOffset: f64 = 0
let baseTime: f64 = 0
let sameTime: bool = false
let fromOffset: f64 = 0
let toOffset: f64 = 0

/** Where the rows' record times go. */
export function setRecordTimes(address: usize): void {
  recordTimes = address
}

/** Where the rows' record keys go, as they lie among the lines: u32 start, i32 length, -1 for none. 0: nowhere. */
export function setRecordKeys(address: usize): void {
  recordKeys = address
}

/** @param parsed whether values are frames; otherwise each is a row, whatever it holds */
export function setValueReading(parsed: bool): void {
  isParsed = parsed
}

/** What the records of a batch are relative to; @param isSameTime all of them have the time `time` */
export function setBatch(base: f64, last: f64, time: f64, isSameTime: bool, from: f64, to: f64): void {
  baseOffset = base
  lastOffset = last
  baseTime = time
  sameTime = isSameTime
  fromOffset = from
  toOffset = to
}

/** The varint read last, its zigzag undone. */
let number: i64 = 0

/** @returns the address behind the varint of 32 bits at `p`; 0 where it does not end before `end` or with its fifth byte */
function readVarint(p: usize, end: usize): usize {
  let value: u32 = 0
  for (let shift: u32 = 0; shift < 35 && p < end; shift += 7) {
    const byte = <u32>load<u8>(p++)
    value |= (byte & 127) << shift
    if (byte < 128) {
      number = <i64>(<i32>(value >>> 1) ^ -(<i32>(value & 1)))
      return p
    }
  }
  return 0
}

/** The same of 64 bits and ten bytes. */
function readVarlong(p: usize, end: usize): usize {
  let value: u64 = 0
  for (let shift: u64 = 0; shift < 70 && p < end; shift += 7) {
    const byte = <u64>load<u8>(p++)
    value |= (byte & 127) << shift
    if (byte < 128) {
      number = <i64>(value >> 1) ^ -(<i64>(value & 1))
      return p
    }
  }
  return 0
}

/**
 * Takes up to `count` records of `[from, to)`, each led by its length, into the next rows. A record: length,
 * attributes i8, time delta, offset delta, key length, key, value length, value, headers; all numbers are zigzag
 * varints, a length of -1 is null.
 *
 * @returns why it ended
 */
export function walkRecords(from: usize, to: usize, count: u32): u32 {
  beginScan()
  taken = 0
  valueBytes = 0
  nextRecord = from
  while (taken < count) {
    if (rows === capacity) return full
    const p = readVarint(nextRecord, to)
    if (p === 0) return to - nextRecord < 5 ? cut : damaged
    const length = number
    if (length < leastLength) return damaged
    if (length > <i64>(to - p)) return cut
    const end = p + <usize>length
    if (!takeRecord(p + 1, end)) return damaged
    nextRecord = end
    taken++
  }
  return done
}

/** @returns false where the record, whose time delta is at `p`, is damaged */
function takeRecord(p: usize, end: usize): bool {
  p = readVarlong(p, end)
  if (p === 0) return false
  const time = sameTime ? baseTime : baseTime + <f64>number
  p = readVarint(p, end)
  if (p === 0 || number < 0) return false
  const offset = baseOffset + <f64>number
  if (offset > lastOffset) return false
  p = readVarint(p, end)
  if (p === 0 || number < -1 || number > <i64>(end - p)) return false
  const key = p
  const keyLength = <i32>number
  if (number > 0) p += <usize>number
  p = readVarint(p, end)
  if (p === 0 || number < -1 || number > <i64>(end - p)) return false
  if (offset < fromOffset || offset >= toOffset) return true
  const length = number > 0 ? <usize>number : 0
  valueBytes += <f64>length
  const row = rows
  if (isParsed) takeValue(p, p + length, offset, time)
  else if (number < 0) addBlank()
  else takeRaw(p, length, offset, time)
  if (recordKeys !== 0 && rows > row) {
    const cell = recordKeys + ((<usize>row) << 3)
    store<u32>(cell, <u32>(key - bytes))
    store<i32>(cell, keyLength, 4)
  }
  return true
}

function takeValue(start: usize, end: usize, offset: f64, time: f64): void {
  let p = start
  while (p < end && isBlank(<u32>load<u8>(p))) p++
  if (p === end) {
    addBlank()
    return
  }
  // Made a line by an LF behind it; the byte there belongs to the next record.
  const behind = load<u8>(end)
  store<u8>(end, <u8>lineFeed)
  const row = nextRow()
  const status = judge(p, row)
  // An LF within the value may have ended what was judged.
  const isWhole = behindObject === 0 ? status === counted || isOneLine(p, end) : behindObject === end
  finishRow(row, isWhole ? status : unsure, offset, start, end - start)
  store<u8>(end, behind)
  store<f64>(recordTimes + ((<usize>row) << 3), time)
}

function takeRaw(start: usize, length: usize, offset: f64, time: f64): void {
  const row = nextRow()
  v128.store(hashCell(row), i64x2.splat(0))
  store<u32>(groupCell(row), 0)
  finishRow(row, counted, offset, start, length)
  store<f64>(recordTimes + ((<usize>row) << 3), time)
}
