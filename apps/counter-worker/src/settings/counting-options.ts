import type { CountingOptions } from '@card/counting'
import type { FrameOptions } from '@card/frames'
import type { WindowSize } from '@card/windowing'
import type { WorkerCoreOptions } from '../core/worker-core.js'
import { type CountingSetup, filesPartition } from '../counting/open-counting.js'
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

/** What the settings ask of the counting core. */
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
  }
}

/** What the settings ask of everything that counts. */
export function countingSetup(values: OptionValues): CountingSetup {
  return {
    counting: countingOptions(values),
    core: coreOptions(values),
    // Files and stdin are one partition; topics bring theirs when they are assigned.
    partitions:
      values.brokers === null ? { names: [filesPartition], fixed: true } : { names: [], fixed: false },
  }
}

/** What the settings ask of the worker core. */
function coreOptions(values: OptionValues): WorkerCoreOptions {
  const never = Number.POSITIVE_INFINITY
  const readsToEnd = values.until !== null
  return {
    outOfOrder: values['out-of-order'],
    // What will be read to a given end and no further, as files are, is idle at no time before.
    idleTimeout: readsToEnd || values.brokers === null ? never : (values['idle-timeout'] ?? never),
    early: values.early ?? never,
    readsToEnd,
  }
}

function windowSize(setting: WindowSetting): WindowSize {
  return setting.kind === 'fixed'
    ? { name: setting.name, length: setting.milliseconds }
    : { name: setting.name, unit: setting.unit }
}
