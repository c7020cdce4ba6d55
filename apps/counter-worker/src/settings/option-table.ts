import {
  brokerList,
  fromRule,
  groupName,
  listenAddress,
  topicList,
  topicName,
  topicTemplate,
} from './topics.js'
import {
  byteSize,
  duration,
  durationOrOff,
  filePath,
  keyPath,
  keyPathOrNone,
  oneOf,
  percentage,
  periodOrOff,
  type ReadValue,
  timeZone,
  wholeNumber,
  yesOrNo,
} from './values.js'
import { rollingList, windowList } from './windows.js'

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
  brokers: option(
    'Kafka',
    'H:P,…',
    brokerList,
    'read topics instead of files; login and TLS come from --kafka-config or CARD_KAFKA_… alone',
  ),
  topic: option(
    'Kafka',
    'T,…|/regex/',
    topicList,
    'topics to read, or a regular expression that names are searched with (/^likes-/); partitions and matching topics that come later are noticed within 30 s and read from their beginning',
  ),
  group: option(
    'Kafka',
    'G',
    groupName,
    'share the partitions with the other members of this consumer group, each of which publishes what it read itself; without it this worker reads every partition',
  ),
  from: option(
    'Kafka',
    'WHERE',
    fromRule,
    'where reading begins: earliest, latest, or the first record from a time on (2016-07-11T13:39:00Z). No offsets are committed: a restart reads from here again',
    'earliest',
  ),
  until: option(
    'Kafka',
    'end',
    oneOf('end'),
    'end: stop when every partition has reached the offset that was its end at the start; everything open is published',
  ),
  'kafka-config': option(
    'Kafka',
    'FILE',
    filePath,
    'JSON with the connection: {"tls": true or {"ca","certificate","key": paths, "passphrase"}, "sasl": {"mechanism","username","password" or "passwordFile"}}; CARD_KAFKA_TLS_CA, CARD_KAFKA_SASL_PASSWORD, … go before it',
  ),
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
  totals: option(
    'Frame',
    null,
    yesOrNo,
    'one more result of each window, after those of its groups: all of them counted together, group null, last field "total":true (without --group-by it repeats the only result)',
    'false',
  ),
  'max-line': option(
    'Frame',
    'SIZE',
    byteSize(64, 2 ** 28),
    'longer lines are rejected as too-long (64 bytes to 256MiB, without the line end)',
    '1MiB',
  ),
  threads: option(
    'Frame',
    'N',
    wholeNumber(1, 64),
    'scan lines and records on so many threads (1 to 64), the main one among them; results are the same bytes for any number',
    '1',
  ),
  windows: option(
    'Windows',
    'LIST',
    windowList,
    'sizes joined by commas: multiples of ms, s, m, h from the epoch; calendar sizes 1d, 1w (from Monday), 1M, 1q, 1y. The finest size takes the frames: a frame late for it counts in no size, so a finer size can make more frames late',
    '1m',
  ),
  rolling: option(
    'Windows',
    'LIST',
    rollingList,
    'rolling views LENGTH/STEP joined by commas: 60m/1m is the last 60 minutes at the end of each minute, 30d/1d the last 30 days each day',
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
  'idle-timeout': option(
    'Windows',
    'DURATION|off',
    durationOrOff,
    'a partition of a topic that is read to its end and quiet for so long no longer holds windows back; when all are quiet for twice as long, what has ended by the wall clock too is published as final (frames that come after all correct it); without effect with --until end, where a partition ends at its end offset',
    '10s',
  ),
  early: option(
    'Windows',
    'DURATION|off',
    periodOrOff,
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
    'most users of one window: sizes the bitmap of --estimator linear, which needs it; many more fill it, and upper is null (no bound)',
  ),
  format: option(
    'Output',
    'FORMAT',
    oneOf('ndjson', 'csv', 'table'),
    'of the results on stdout; topics take ndjson. table: aligned for reading, about 120 columns and the group, which comes last and in quotes where it is not plain text',
    'ndjson',
  ),
  times: option(
    'Output',
    'utc|local',
    oneOf('utc', 'local'),
    'local: start and end of results in --timezone, with its offset (2016-07-11T15:39:00.000+02:00); the keys of records stay in UTC',
    'utc',
  ),
  sketches: option(
    'Output',
    null,
    yesOrNo,
    'add a field sketch: the canonical compact HLL_8 image at --precision (Apache DataSketches), base64',
    'false',
  ),
  'out-topic': option(
    'Output',
    'TOPIC',
    topicTemplate,
    'write results to a topic instead of stdout, {window} being the size (unique-users.{window}): key [window,start,group], headers pane and revision; made compacted where it is missing',
  ),
  print: option('Output', null, yesOrNo, 'with --out-topic: results on stdout as well', 'false'),
  'rejects-topic': option(
    'Output',
    'TOPIC',
    topicName,
    'write each rejected record with its reason to a topic',
  ),
  'late-topic': option('Output', 'TOPIC', topicName, 'write each late record with its action to a topic'),
  'rejects-file': option('Output', 'FILE', filePath, 'write each rejected line with its reason (NDJSON)'),
  'late-file': option('Output', 'FILE', filePath, 'write each late line with its action (NDJSON)'),
  summary: option('Output', 'FILE', filePath, 'write every sum as JSON at the end'),
  http: option(
    'Service',
    'HOST:PORT',
    listenAddress,
    'serve /metrics (Prometheus), /livez, /readyz and /version here (127.0.0.1:9464)',
  ),
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

/** What results are named after: window sizes, then rolling views. */
export function publishedNames({ windows, rolling }: OptionValues): string[] {
  return [...windows, ...(rolling ?? [])].map(({ name }) => name)
}

/** The environment variable of a setting: `out-of-order` is `CARD_OUT_OF_ORDER`. */
export function variableOf(name: string): string {
  return `CARD_${name.toUpperCase().replaceAll('-', '_')}`
}

/** The value that a text, or none, gives a setting. @throws Error that says what was expected */
export function readText(name: OptionName, text: string | null): unknown {
  return text === null ? null : optionTable[name].read(text)
}
