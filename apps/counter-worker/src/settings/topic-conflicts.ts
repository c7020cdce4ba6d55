import { type OptionName, type OptionValues, publishedNames } from './option-table.js'
import type { SettingsCandidate, SettingsConflict } from './settings-conflict.js'
import { stateName } from './state.js'
import { type TopicSetting, topicOf } from './topics.js'

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
  'state',
  'checkpoint-interval',
  'session-timeout',
  'state-replication',
] as const

/** Settings that only mean something in a group. */
const ofGroups = ['checkpoint-interval', 'session-timeout', 'state-replication'] as const

/** What topics, or the lack of them, contradict. */
export function topicConflicts(candidate: SettingsCandidate): SettingsConflict[] {
  const { values, given, named } = candidate
  if (values.brokers === null) {
    return ofTopics
      .filter(given)
      .map((name) => ({ options: [name, 'brokers'], text: `${named(name)} needs --brokers` }))
  }
  const conflicts: SettingsConflict[] = []
  if (values.state === null && values.group === null) {
    for (const name of ofGroups) {
      if (given(name))
        conflicts.push({ options: [name, 'group', 'state'], text: `${named(name)} needs --group or --state` })
    }
  }
  if (values.state !== null && values['checkpoint-interval'] === null) {
    conflicts.push({
      options: ['state', 'checkpoint-interval'],
      text: `${named('state')} names a state, and ${named('checkpoint-interval')} keeps none: leave one of them out`,
    })
  }
  if (given('files')) {
    conflicts.push({
      options: ['files', 'brokers'],
      text: `${named('files')} and ${named('brokers')}: the input is either files or topics, give one of them`,
    })
  }
  if (values.topic === null) {
    conflicts.push({
      options: ['brokers', 'topic'],
      text: `${named('brokers')} needs --topic, the topics to read`,
    })
  }
  if (values.print && values['out-topic'] === null) {
    conflicts.push({
      options: ['print', 'out-topic'],
      text: `${named('print')} needs --out-topic: without it results are printed anyway`,
    })
  }
  if (values['out-topic'] !== null && !values.print && given('format')) {
    conflicts.push({
      options: ['format', 'out-topic', 'print'],
      text: `${named('format')} applies to results on stdout, but ${named('out-topic')} always gets NDJSON: add --print, or remove --format`,
    })
  }
  for (const kind of ['rejects', 'late'] as const) {
    const [topic, file] = [`${kind}-topic`, `${kind}-file`] as const
    if (values[topic] === null || values[file] === null) continue
    const lines = kind === 'late' ? 'late' : 'rejected'
    conflicts.push({
      options: [topic, file],
      text: `${named(topic)} and ${named(file)} both take the ${lines} lines: give one of them`,
    })
  }
  return [...conflicts, ...sharedTopics(candidate)]
}

/** One topic for two outputs, or for an output and an input. */
function sharedTopics({ values, named }: SettingsCandidate): SettingsConflict[] {
  const conflicts: SettingsConflict[] = []
  const writers = new Map<string, OptionName>()
  for (const [name, topic] of writtenTopics(values)) {
    const other = writers.get(topic)
    if (other !== undefined) {
      conflicts.push({
        options: [name, other, ...(other === 'out-topic' ? (['windows', 'rolling'] as const) : [])],
        text: `${named(name)} is also ${named(other)}: name another topic`,
      })
      continue
    }
    writers.set(topic, name)
    if (values.topic === null || !reads(values.topic, topic)) continue
    conflicts.push({
      options: [name, 'topic', 'windows', 'rolling'],
      text: `${named(name)} writes to ${topic}, which ${named('topic')} reads: it would feed itself`,
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
  const state = stateName(values)
  if (state !== null) {
    const name = values.state === null ? 'group' : 'state'
    for (const topic of [`${state}-checkpoint`, `${state}-partials`]) written.push([name, topic])
  }
  return written
}

function reads(setting: TopicSetting, topic: string): boolean {
  return setting instanceof RegExp ? setting.test(topic) : setting.includes(topic)
}
