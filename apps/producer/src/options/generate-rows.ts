import { parseWindowSize, type WindowSize } from '../truth/window-size.js'
import { malformedKinds, malformedShares } from './malformed-shares.js'
import { onOff, optional, required } from './option-row.js'
import { connectionRows, sendingRows } from './topic-rows.js'
import * as values from './values.js'

// The truth counts the events of a window in 32 bits.
export const mostFrames = 4_000_000_000

/** Every flag of `producer generate`, in the manual's order. The reader, the manual and the README use this table. */
export const generateRows = {
  frames: optional(
    'N',
    'frames to generate, 0 to 4000000000; 100000 when --seconds is not given either',
    values.wholeNumber(0, mostFrames),
  ),
  seconds: optional('N', 'instead of --frames: event seconds to generate, 0 to 1e9', values.decimal(0, 1e9)),
  rate: required(
    'N',
    'frames per event second, 0.001 to 10000000',
    '1025',
    values.decimal(0.001, 10_000_000),
  ),
  start: required(
    'TIME',
    'time of the first frame, ISO 8601 (UTC) or Unix seconds',
    '2016-07-11T13:39:44Z',
    values.startTime,
  ),
  lineLength: required(
    'BYTES',
    'least length of a line without its ending; lines are up to about 76 bytes longer, 64 to 16MiB',
    '2048',
    values.byteSize(64, 16 * 1024 ** 2),
  ),
  keyShapes: required(
    'KIND',
    'filler keys: mixed (a vocabulary in any order), repeated (in the same order in every frame) or fresh (new keys in every frame); JSON.parse reads repeated fastest, fresh slowest',
    'mixed',
    values.oneOf('mixed', 'repeated', 'fresh'),
  ),
  crlf: onOff('end lines with CR LF instead of LF'),
  users: required('N', 'users in the pool, 1 to 100000000', '100000', values.wholeNumber(1, 100_000_000)),
  keySkew: required(
    'SKEW',
    'how often each user appears: uniform or zipf:EXPONENT (0.01 to 10)',
    'uniform',
    values.skew,
  ),
  groups: required(
    'N',
    'groups (videos) in the pool, each frame names one, 0 (no group field) to 10000000',
    '0',
    values.wholeNumber(0, 10_000_000),
  ),
  groupField: required('NAME', 'root key of the group', 'video', values.groupField),
  groupSkew: required(
    'SKEW',
    'how often each group appears: uniform or zipf:EXPONENT',
    'uniform',
    values.skew,
  ),
  groupless: required('PERCENT', 'frames whose group is missing or null, 0 to 100', '0', values.percent),
  lateProbability: required('PERCENT', 'frames that are late, 0 to 100', '0', values.percent),
  lateMax: required(
    'SECONDS',
    'a late frame is 1 to this many seconds late, 1 to 1000000000',
    '5',
    values.wholeNumber(1, 1e9),
  ),
  flipProbability: required(
    'PERCENT',
    'frames with one random bit of the 31 low bits of ts flipped, 0 to 100',
    '0',
    values.percent,
  ),
  malformed: required(
    'SHARES',
    `lines that are not to be counted, in place of a frame: PERCENT (spread evenly over every kind but too-long; bad-group only with --groups) or kind=PERCENT,… of ${malformedKinds.join(', ')}`,
    '0',
    malformedShares,
  ),
  maxLine: required(
    'BYTES',
    "the counter's --max-line, which too-long lines exceed by 1 to 64 bytes, 1KiB to 64MiB",
    '1MiB',
    values.byteSize(1024, 64 * 1024 ** 2),
  ),
  duplicates: required(
    'PERCENT',
    'lines sent a second time, at once or up to 32 frames later, on top of --frames, 0 to 100',
    '0',
    values.percent,
  ),
  seed: required(
    'N',
    'the same flags with the same seed give the same bytes, 0 to 4294967295',
    '1',
    values.wholeNumber(0, 0xffffffff),
  ),
  pace: required(
    'SPEED',
    'off (as fast as possible), or event time against the clock: 1x, 10x, 0.5x',
    'off',
    values.pace,
  ),
  out: optional('FILE', 'write the frames to this file instead of stdout', values.path),
  topic: optional(
    'NAME',
    'send the frames to this topic instead of stdout, made where it is missing',
    values.topic,
  ),
  ...connectionRows,
  ...sendingRows,
  truth: optional('FILE', 'write what a right counter must report to this file (see below)', values.path),
  truthWindows: required(
    'SIZES',
    'window sizes of the truth, in UTC: multiples of ms, s, m, h; 1d, 1w (from Monday), 1M, 1q, 1y',
    '1m,1h,1d',
    windowSizes,
  ),
}

function windowSizes(text: string): WindowSize[] {
  const sizes = text.split(',').map(parseWindowSize)
  const identities = new Set(sizes.map((size) => size?.identity))
  if (sizes.includes(null) || identities.size < sizes.length) {
    throw new values.BadValue('different window sizes such as 1m,1h,1d')
  }
  return sizes as WindowSize[]
}
