import type { Conflict, Given } from './conflict.js'
import { type OptionName, type OptionValues, publishedNames } from './option-table.js'
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
] as const

/** What topics, or the lack of them, contradict. */
export function topicConflicts(values: OptionValues, given: Given): Conflict[] {
  const conflicts: Conflict[] = []
  if (values.format === 'table' && values.sketches && values['out-topic'] === null) {
    conflicts.push({
      options: ['sketches', 'format'],
      yielding: ['sketches', 'format'],
      text: '--sketches: a table has no room for sketches; use --format ndjson or csv',
    })
  }
  if (values.brokers === null) {
    for (const name of ofTopics) {
      if (!given(name)) continue
      conflicts.push({ options: [name, 'brokers'], yielding: [name], text: `--${name} needs --brokers` })
    }
    return conflicts
  }
  if (given('files')) {
    conflicts.push({
      options: ['files', 'brokers'],
      yielding: ['files', 'brokers'],
      text: 'files and --brokers: the input is either files or topics, give one of them',
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
      yielding: ['print'],
      text: '--print needs --out-topic: without it results are printed',
    })
  }
  if (values['out-topic'] !== null && !values.print && given('format')) {
    conflicts.push({
      options: ['format', 'out-topic', 'print'],
      yielding: ['format', 'out-topic'],
      text: '--format is of results on stdout, a topic takes NDJSON: add --print, or leave --format out',
    })
  }
  for (const kind of ['rejects', 'late'] as const) {
    if (values[`${kind}-topic`] !== null && values[`${kind}-file`] !== null) {
      conflicts.push({
        options: [`${kind}-topic`, `${kind}-file`],
        yielding: [`${kind}-topic`, `${kind}-file`],
        text: `--${kind}-topic and --${kind}-file both take the ${kind === 'late' ? 'late' : 'rejected'} lines: give one of them`,
      })
    }
  }
  const writers = new Map<string, OptionName>()
  for (const [name, topic] of writtenTopics(values)) {
    const other = writers.get(topic)
    if (other !== undefined) {
      conflicts.push({
        options: [name, other, ...(other === 'out-topic' ? (['windows', 'rolling'] as const) : [])],
        text: `--${name} ${topic} is also --${other}: name another topic`,
      })
      continue
    }
    writers.set(topic, name)
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
