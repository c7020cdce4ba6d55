import { byteSize, oneOf, option, wholeNumber, yesOrNo } from '@card/app-kit'
import { keyPath, keyPathOrNone } from '../member-path.js'

/** Options of the section Frame. */
export const frameOptions = {
  json: option(
    'Frame',
    'MODE',
    oneOf('strict', 'trusted'),
    'strict: a line is accepted if and only if JSON.parse accepts it; trusted: a line is read no further than its last wanted key, the first of repeated keys wins and damage after it goes unnoticed',
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
    'one result for each value of this key; missing or null is the group null; with topics also @key, @value or @timestamp',
  ),
  'max-groups': option(
    'Frame',
    'N',
    wholeNumber(1, 50_000_000),
    'most groups that the open base windows of an input partition may hold at once; --group-overflow says what happens to the others',
    '100000',
  ),
  'group-overflow': option(
    'Frame',
    'WHERE',
    oneOf('other', 'reject'),
    'other: counted in the group __other__, together with a group of that name, of which a warning tells; reject: rejected as too-many-groups',
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
    'scan lines and records on this many threads (1 to 64), including the main one; results are the same bytes for any number',
    '1',
  ),
}
