import { byteSize, oneOf, option, wholeNumber, yesOrNo } from '@card/app-kit'
import { keyPath, keyPathOrNone } from '../member-path.js'

/** Options of the section Frame. */
export const frameOptions = {
  json: option(
    'Frame',
    'MODE',
    oneOf('strict', 'trusted'),
    'strict: a line is accepted if and only if JSON.parse accepts it; trusted: a line is read only up to the last key that is needed; the first of repeated keys wins, and damage further on goes unnoticed',
    'strict',
  ),
  key: option(
    'Frame',
    'PATH',
    keyPathOrNone,
    'the key whose distinct values are counted (a.b: b inside a; a\\.b: the name "a.b"); none: count events only; with topics also @key, @value or @timestamp, the record\'s own, and \\@key for the member of that name',
    'uid',
  ),
  time: option(
    'Frame',
    'PATH',
    keyPath,
    "the key of the event time; with topics also @timestamp, the record's own, whatever --time-unit says",
    'ts',
  ),
  'time-unit': option(
    'Frame',
    'UNIT',
    oneOf('auto', 's', 'ms', 'us', 'ns', 'iso'),
    's, ms, us, ns (a number or a string of digits), iso (ISO 8601 text; UTC where it has no offset), or auto: any of them, a number by its magnitude (below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds)',
    'auto',
  ),
  'group-by': option(
    'Frame',
    'PATH',
    keyPath,
    'one result per value of this key; frames where it is missing or null form the group null; with topics also @key, @value or @timestamp',
  ),
  'max-groups': option(
    'Frame',
    'N',
    wholeNumber(1, 50_000_000),
    'the most groups that the open base windows of an input partition may hold at once; --group-overflow decides what happens to further ones',
    '100000',
  ),
  'group-overflow': option(
    'Frame',
    'WHERE',
    oneOf('other', 'reject'),
    'other: frames of further groups are counted together in the group __other__ (a warning is logged if frames themselves name a group __other__); reject: they are rejected as too-many-groups',
    'other',
  ),
  totals: option(
    'Frame',
    null,
    yesOrNo,
    'one more result per window, after those of its groups, that counts all of them together: group null, last field "total":true (without --group-by it repeats the only result)',
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
    'scan lines and records on this many threads (1 to 64), including the main one; the results are the same, byte for byte',
    '1',
  ),
}
