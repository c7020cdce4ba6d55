import {
  BadValue,
  byteSize,
  decimal,
  filePath,
  oneOf,
  option,
  percentage,
  topicName,
  wholeNumber,
  yesOrNo,
} from '@card/app-kit'
import { parseWindowSize, type WindowSize } from '../truth/window-size.js'
import { malformedKinds, malformedShares } from './malformed-shares.js'
import { connectionOptions, sendingOptions } from './topic-options.js'
import { groupField, pace, skew, startTime } from './values.js'

// The truth counts the events of a window in 32 bits.
export const mostFrames = 4_000_000_000

/** Every option of `producer generate`, in the order of the manual. */
export const generateTable = {
  frames: option(
    'Stream',
    'N',
    wholeNumber(0, mostFrames),
    'frames to generate, 0 to 4000000000; 100000 when --seconds is not given either',
  ),
  seconds: option('Stream', 'N', decimal(0, 1e9), 'instead of --frames: event seconds to generate, 0 to 1e9'),
  rate: option(
    'Stream',
    'N',
    decimal(0.001, 10_000_000),
    'frames per event second, 0.001 to 10000000',
    '1025',
  ),
  start: option(
    'Stream',
    'TIME',
    startTime,
    'time of the first frame, ISO 8601 (UTC) or Unix seconds',
    '2016-07-11T13:39:44Z',
  ),
  lineLength: option(
    'Frames',
    'BYTES',
    byteSize(64, 16 * 1024 ** 2),
    'least length of a line without its ending; lines are up to about 76 bytes longer, 64 to 16MiB',
    '2048',
  ),
  keyShapes: option(
    'Frames',
    'KIND',
    oneOf('mixed', 'repeated', 'fresh'),
    'filler keys: mixed (a vocabulary in any order), repeated (in the same order in every frame) or fresh (new keys in every frame); JSON.parse reads repeated fastest, fresh slowest',
    'mixed',
  ),
  crlf: option('Frames', null, yesOrNo, 'end lines with CR LF instead of LF', 'false'),
  users: option('Frames', 'N', wholeNumber(1, 100_000_000), 'users in the pool, 1 to 100000000', '100000'),
  keySkew: option(
    'Frames',
    'SKEW',
    skew,
    'how often each user appears: uniform or zipf:EXPONENT (0.01 to 10)',
    'uniform',
  ),
  groups: option(
    'Frames',
    'N',
    wholeNumber(0, 10_000_000),
    'groups (videos) in the pool, each frame names one, 0 (no group field) to 10000000',
    '0',
  ),
  groupField: option('Frames', 'NAME', groupField, 'root key of the group', 'video'),
  groupSkew: option(
    'Frames',
    'SKEW',
    skew,
    'how often each group appears: uniform or zipf:EXPONENT',
    'uniform',
  ),
  groupless: option(
    'Frames',
    'PERCENT',
    percentage(0, 100),
    'frames whose group is missing or null, 0 to 100',
    '0',
  ),
  lateProbability: option('Damage', 'PERCENT', percentage(0, 100), 'frames that are late, 0 to 100', '0'),
  lateMax: option(
    'Damage',
    'SECONDS',
    wholeNumber(1, 1e9),
    'a late frame is 1 to this many seconds late, 1 to 1000000000',
    '5',
  ),
  flipProbability: option(
    'Damage',
    'PERCENT',
    percentage(0, 100),
    'frames with one random bit of the 31 low bits of ts flipped, 0 to 100',
    '0',
  ),
  malformed: option(
    'Damage',
    'SHARES',
    malformedShares,
    `lines that must not be counted, each in place of a frame: PERCENT (spread evenly over every kind but too-long; bad-group only with --groups) or kind=PERCENT,… of ${malformedKinds.join(', ')}`,
    '0',
  ),
  maxLine: option(
    'Damage',
    'BYTES',
    byteSize(1024, 64 * 1024 ** 2),
    "the counter's --max-line, which too-long lines exceed by 1 to 64 bytes, 1KiB to 64MiB",
    '1MiB',
  ),
  duplicates: option(
    'Damage',
    'PERCENT',
    percentage(0, 100),
    'lines sent a second time, at once or up to 32 frames later, on top of --frames, 0 to 100',
    '0',
  ),
  seed: option(
    'Stream',
    'N',
    wholeNumber(0, 0xffffffff),
    'the same flags with the same seed give the same bytes, 0 to 4294967295',
    '1',
  ),
  pace: option(
    'Stream',
    'SPEED',
    pace,
    'off (as fast as possible), or event time against the clock: 1x, 10x, 0.5x',
    'off',
  ),
  out: option('Output', 'FILE', filePath, 'write the frames to this file instead of stdout'),
  topic: option(
    'Kafka',
    'NAME',
    topicName,
    'send the frames to this topic instead of stdout, created if it does not exist',
  ),
  ...connectionOptions,
  ...sendingOptions,
  truth: option(
    'Output',
    'FILE',
    filePath,
    'write what a correct counter must report to this file (see below)',
  ),
  truthWindows: option(
    'Output',
    'SIZES',
    windowSizes,
    'window sizes of the truth, in UTC: multiples of ms, s, m, h; 1d, 1w (from Monday), 1M, 1q, 1y',
    '1m,1h,1d',
  ),
}

function windowSizes(text: string): WindowSize[] {
  const sizes = text.split(',').map(parseWindowSize)
  const identities = new Set(sizes.map((size) => size?.identity))
  if (sizes.includes(null) || identities.size < sizes.length) {
    throw new BadValue('different window sizes such as 1m,1h,1d', text)
  }
  return sizes as WindowSize[]
}
