import type { FrameOptions } from '@card/frames'
import type { WindowSize } from '@card/windowing'
import type { CountingOptions } from '../counting/counting-core.js'
import { counterOptions, sketchPrecision } from './counter-options.js'
import type { OptionValues } from './option-table.js'
import type { WindowSetting } from './windows.js'

/** What the settings ask of the frame reader. */
export function frameOptions(values: OptionValues): FrameOptions {
  return {
    // In files an @ is a character like others.
    input: values.brokers === null ? 'lines' : 'records',
    json: values.json,
    key: values.key,
    time: values.time,
    timeUnit: values['time-unit'],
    groupBy: values['group-by'],
    maxLine: values['max-line'],
  }
}

/** What the settings ask of the counting core; topics bring their partitions when they are assigned. */
export function countingOptions(values: OptionValues): CountingOptions {
  const outOfOrder = values['out-of-order']
  return {
    counter: counterOptions(values),
    windows: values.windows.map(windowSize),
    rolling: (values.rolling ?? []).map(({ name, every, count }) => ({
      name,
      every: windowSize(every),
      count,
    })),
    timezone: values.timezone,
    outOfOrder,
    lateness: values.lateness,
    maxAhead: Math.max(values['max-ahead'] ?? Number.POSITIVE_INFINITY, outOfOrder),
    maxGroups: values['max-groups'],
    groupOverflow: values['group-overflow'],
    totals: values.totals,
    sketchPrecision: values.sketches ? sketchPrecision(values) : null,
    partitions: values.brokers === null ? [0] : [],
  }
}

function windowSize(setting: WindowSetting): WindowSize {
  return setting.kind === 'fixed'
    ? { name: setting.name, length: setting.milliseconds }
    : { name: setting.name, unit: setting.unit }
}
