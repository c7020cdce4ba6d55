import { messageOf } from '../exit.js'
import { counterOptions } from './counter-options.js'
import { type OptionName, type OptionValues, optionTable, publishedNames } from './option-table.js'
import type { Origin } from './origin.js'
import { type TopicSetting, topicOf } from './topics.js'

/** A combination of settings that cannot be meant. */
export interface Conflict {
  /** Every setting that takes part; the first that was given is to blame. */
  readonly options: readonly OptionName[]
  readonly text: string
}

/** Every conflict between settings that are each in range. */
export function crossChecks(
  values: OptionValues,
  origins: ReadonlyMap<OptionName, Origin>,
  texts: ReadonlyMap<OptionName, string | null>,
): Conflict[] {
  const conflicts: Conflict[] = []
  // A file that `config` printed holds every default: only a flag says a default on purpose.
  const given = (name: OptionName) => {
    const kind = origins.get(name)?.kind
    return kind === 'flag' || (kind !== 'default' && texts.get(name) !== optionTable[name].fallback)
  }
  if (values.error !== null && given('precision')) {
    conflicts.push({
      options: ['error', 'precision'],
      text: '--error and --precision both size the sketch: give one of them',
    })
  }
  if (values.estimator === 'linear' && given('precision')) {
    conflicts.push({
      options: ['precision', 'estimator'],
      text: '--precision sizes a sketch: --estimator linear takes --expected and --error',
    })
  }
  if (values.estimator !== 'auto' && given('exact-limit')) {
    conflicts.push({
      options: ['exact-limit', 'estimator'],
      text: `--exact-limit needs --estimator auto: ${values.estimator} has no limit`,
    })
  }
  try {
    counterOptions(values)
  } catch (error) {
    const { estimator } = values
    const size = values.error !== null ? 'error' : estimator === 'linear' ? 'expected' : 'precision'
    conflicts.push({ options: [size, 'estimator'], text: `--estimator ${estimator}: ${messageOf(error)}` })
  }
  if (values.expected !== null && values.estimator !== 'linear') {
    conflicts.push({
      options: ['expected', 'estimator'],
      text: '--expected sizes linear counting: it needs --estimator linear',
    })
  }
  if (values.sketches && (values.estimator === 'linear' || values.estimator === 'ull')) {
    conflicts.push({
      options: ['sketches', 'estimator'],
      text: `--sketches: ${values.estimator} has no HyperLogLog image; use --estimator auto, exact or hll`,
    })
  }
  if (values.sketches && values.key === null) {
    conflicts.push({
      options: ['sketches', 'key'],
      text: '--sketches needs a key to count: with --key none there is no sketch',
    })
  }
  if (values['group-by'] === null) {
    for (const name of ['max-groups', 'group-overflow'] as const) {
      if (given(name)) conflicts.push({ options: [name, 'group-by'], text: `--${name} needs --group-by` })
    }
  }
  conflicts.push(...topicConflicts(values, given))
  const [whole, day] = [
    values.windows.find((window) => window.kind === 'fixed' && window.milliseconds === 86_400_000),
    values.windows.find((window) => window.kind === 'calendar' && window.unit === 'day'),
  ]
  if (whole !== undefined && day !== undefined && values.timezone === 'UTC') {
    conflicts.push({
      options: ['windows', 'timezone'],
      text: `--windows: ${whole.name} and ${day.name} are one size in UTC: name it once`,
    })
  }
  return conflicts
}

/** Settings that only mean something for topics. */
const ofTopics = [
  'topic',
  'group',
  'from',
  'until',
  'kafka-config',
  'idle-timeout',
  'out-topic',
  'print',
  'rejects-topic',
  'late-topic',
] as const

function topicConflicts(values: OptionValues, given: (name: OptionName) => boolean): Conflict[] {
  const conflicts: Conflict[] = []
  if (values.brokers === null) {
    for (const name of ofTopics) {
      if (given(name)) conflicts.push({ options: [name, 'brokers'], text: `--${name} needs --brokers` })
    }
    return conflicts
  }
  if (values.threads > 1) {
    conflicts.push({
      options: ['threads'],
      text: '--threads is for files and stdin: records of topics are scanned on one thread; start more workers with one --group',
    })
  }
  if (values.topic === null) {
    conflicts.push({
      options: ['brokers', 'topic'],
      text: '--brokers needs --topic: which topics are to be read',
    })
  }
  if (values.print && values['out-topic'] === null) {
    conflicts.push({
      options: ['print', 'out-topic'],
      text: '--print needs --out-topic: without it results are printed',
    })
  }
  for (const kind of ['rejects', 'late'] as const) {
    if (values[`${kind}-topic`] !== null && values[`${kind}-file`] !== null) {
      conflicts.push({
        options: [`${kind}-topic`, `${kind}-file`],
        text: `--${kind}-topic and --${kind}-file both take the ${kind === 'late' ? 'late' : 'rejected'} lines: give one of them`,
      })
    }
  }
  for (const [name, topic] of writtenTopics(values)) {
    if (values.topic === null || !reads(values.topic, topic)) continue
    conflicts.push({
      options: [name, 'topic', 'windows', 'rolling'],
      text: `--${name}: ${topic} is read, too: it would feed itself`,
    })
  }
  return conflicts
}

function writtenTopics(values: OptionValues): [OptionName, string][] {
  const written: [OptionName, string][] = []
  const template = values['out-topic']
  if (template !== null) {
    const topics = new Set(publishedNames(values).map((name) => topicOf(template, name)))
    for (const topic of topics) written.push(['out-topic', topic])
  }
  for (const name of ['rejects-topic', 'late-topic'] as const) {
    const topic = values[name]
    if (topic !== null) written.push([name, topic])
  }
  return written
}

function reads(setting: TopicSetting, topic: string): boolean {
  return setting instanceof RegExp ? setting.test(topic) : setting.includes(topic)
}
