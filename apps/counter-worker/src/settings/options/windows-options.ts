import { duration, durationOrOff, option } from '@card/app-kit'
import { timeZone } from '../time-zone.js'
import { rollingList, windowList } from '../windows.js'

/** Options of the section Windows. */
export const windowsOptions = {
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
  timezone: option('Windows', 'ZONE', timeZone, 'time zone of the calendar sizes, by its IANA name', 'UTC'),
  'out-of-order': option(
    'Windows',
    'DURATION',
    duration(),
    'how far behind the latest frame a frame may be before it is late',
    '5s',
  ),
  lateness: option(
    'Windows',
    'DURATION',
    duration(),
    'how long after a final result late frames still correct it (allowed lateness)',
    '0s',
  ),
  'max-ahead': option(
    'Windows',
    'DURATION|off',
    durationOrOff(),
    'a frame further ahead of its partition than this counts, but does not move the watermark until other frames corroborate its time, so a damaged time closes no window; a frame ahead by more than both 10 minutes and 10 of the finest windows is held until then (never less than --out-of-order)',
    '5s',
  ),
  'idle-timeout': option(
    'Windows',
    'DURATION|off',
    durationOrOff(),
    'a partition that has been read to its end and quiet for this long no longer holds windows back. After twice as long, it no longer waits for other frames to corroborate those it holds (--max-ahead); once all partitions have been quiet for twice as long, windows that have also ended by the wall clock are published as final (frames that still arrive correct them). Has no effect with --until end, where a partition ends at its end offset',
    '10s',
  ),
  early: option(
    'Windows',
    'DURATION|off',
    durationOrOff({ most: '24d' }),
    'publish provisional results of the windows that have changed, this often by the wall clock',
    'off',
  ),
}
