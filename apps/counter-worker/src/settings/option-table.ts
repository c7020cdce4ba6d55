import {
  byteSize,
  duration,
  durationOrOff,
  filePath,
  keyPath,
  keyPathOrNone,
  oneOf,
  percentage,
  type ReadValue,
  timeZone,
  wholeNumber,
  yesOrNo,
} from './values.js'
import { windowList } from './windows.js'

/** One setting: its flag is `--NAME`, its variable `CARD_NAME`, its key in a configuration file `NAME`. */
export interface Option<T> {
  readonly section: string
  /** What stands behind the flag in the manual; null for a switch. */
  readonly argument: string | null
  /** The default as a person would type it; null when there is none. */
  readonly fallback: string | null
  readonly read: ReadValue<T>
  readonly help: string
}

function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
): Option<T | null>
function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
  fallback: string,
): Option<T>
function option<T>(
  section: string,
  argument: string | null,
  read: ReadValue<T>,
  help: string,
  fallback: string | null = null,
): Option<T | null> {
  return { section, argument, read, help, fallback }
}

/** Every setting of the program, in the order of the manual. The one place where a setting is defined. */
export const optionTable = {
  json: option(
    'Frame',
    'MODE',
    oneOf('strict', 'trusted'),
    'strict: a line is accepted if and only if JSON.parse accepts it; trusted: a line is read no further than its last wanted key, the first of repeated keys wins and damage behind it goes unnoticed',
    'strict',
  ),
  key: option(
    'Frame',
    'PATH',
    keyPathOrNone,
    'the key whose distinct values are counted (a.b: b inside a); none: count events only',
    'uid',
  ),
  time: option('Frame', 'PATH', keyPath, 'the key of the event time', 'ts'),
  'time-unit': option(
    'Frame',
    'UNIT',
    oneOf('auto', 's', 'ms', 'us', 'iso'),
    'auto (by magnitude: below 1e11 seconds, below 1e14 milliseconds, else microseconds), s, ms, us, or iso (ISO 8601 text)',
    'auto',
  ),
  'group-by': option(
    'Frame',
    'PATH',
    keyPath,
    'one result for each value of this key; missing or null is the group null',
  ),
  'max-groups': option(
    'Frame',
    'N',
    wholeNumber(1, 50_000_000),
    'groups that open windows may hold at once; what is beyond goes where --group-overflow says',
    '100000',
  ),
  'group-overflow': option(
    'Frame',
    'WHERE',
    oneOf('other', 'reject'),
    'other: counted in the group __other__; reject: rejected as too-many-groups',
    'other',
  ),
  'max-line': option(
    'Frame',
    'SIZE',
    byteSize(64, 2 ** 28),
    'longer lines are rejected as too-long (64 bytes to 256MiB, without the line end)',
    '1MiB',
  ),
  windows: option(
    'Windows',
    'LIST',
    windowList,
    'sizes joined by commas: multiples of ms, s, m, h from the epoch; calendar sizes 1d, 1w (from Monday), 1M, 1q, 1y. The finest size takes the frames: a frame late for it counts in no size, so a finer size can make more frames late',
    '1m',
  ),
  timezone: option('Windows', 'ZONE', timeZone, 'of the calendar sizes, by its IANA name', 'UTC'),
  'out-of-order': option(
    'Windows',
    'DURATION',
    duration,
    'how far behind the latest frame a frame may be before it is late',
    '5s',
  ),
  lateness: option(
    'Windows',
    'DURATION',
    duration,
    'how long after a final result late frames still correct it (allowed lateness)',
    '0s',
  ),
  'max-ahead': option(
    'Windows',
    'DURATION|off',
    durationOrOff,
    'a frame further ahead is held until others confirm it, so that a damaged time closes nothing (never less than --out-of-order)',
    '5s',
  ),
  early: option(
    'Windows',
    'DURATION|off',
    durationOrOff,
    'provisional results of changed windows, this often by the wall clock',
    'off',
  ),
  estimator: option(
    'Counting',
    'KIND',
    oneOf('auto', 'exact', 'linear', 'hll', 'ull'),
    'auto: exact up to --exact-limit users a window, then hll; exact: 128-bit fingerprints; linear: a bitmap for --expected users; hll: HyperLogLog; ull: UltraLogLog',
    'auto',
  ),
  'exact-limit': option(
    'Counting',
    'N',
    wholeNumber(1, 100_000_000),
    'with auto: users of one window that are counted exactly',
    '65536',
  ),
  precision: option(
    'Counting',
    'P',
    wholeNumber(3, 26),
    'a sketch has 2^P registers of a byte: standard error 1.04/sqrt(2^P) with hll (4 to 21; 14: .81 %), .76/sqrt(2^P) with ull (3 to 26; 13: .84 %)',
    '14',
  ),
  error: option(
    'Counting',
    'PERCENT',
    percentage(0.001, 50),
    'instead of --precision: the smallest sketch, or bitmap for --expected users, with this standard error (linear: 1 unless given)',
  ),
  expected: option(
    'Counting',
    'N',
    wholeNumber(1, 10_000_000_000),
    'most users of one window: sizes the bitmap of --estimator linear, which needs it',
  ),
  format: option('Output', 'FORMAT', oneOf('ndjson', 'csv'), 'of the results on stdout', 'ndjson'),
  sketches: option(
    'Output',
    null,
    yesOrNo,
    'add a field sketch: the canonical compact HLL_8 image at --precision (Apache DataSketches), base64',
    'false',
  ),
  'rejects-file': option('Output', 'FILE', filePath, 'write each rejected line with its reason (NDJSON)'),
  'late-file': option('Output', 'FILE', filePath, 'write each late line with its action (NDJSON)'),
  summary: option('Output', 'FILE', filePath, 'write every sum as JSON at the end'),
  'log-level': option(
    'Service',
    'LEVEL',
    oneOf('silent', 'error', 'warn', 'info', 'debug'),
    'what is logged on stderr',
    'info',
  ),
} satisfies Record<string, Option<unknown>>

export type OptionName = keyof typeof optionTable

/** The value of every setting, by its name. */
export type OptionValues = { [K in OptionName]: ReturnType<(typeof optionTable)[K]['read']> }

export const optionNames = Object.keys(optionTable) as readonly OptionName[]

/** The environment variable of a setting: `out-of-order` is `CARD_OUT_OF_ORDER`. */
export function variableOf(name: string): string {
  return `CARD_${name.toUpperCase().replaceAll('-', '_')}`
}
