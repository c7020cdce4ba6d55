import { BadValue, messageOf, topicName } from '@card/app-kit'

/** What `--topic` names: topics by name, or all whose name a pattern matches. */
export type TopicSetting = readonly string[] | RegExp

/** Names joined by commas, or one regular expression between slashes that is searched in every name. */
export function topicList(text: string): TopicSetting {
  const pattern = /^\/(.+)\/$/.exec(text)?.[1]
  if (pattern === undefined) return text.split(',').map((name) => topicName(name.trim()))
  try {
    return new RegExp(pattern)
  } catch (error) {
    throw new BadValue('a regular expression between slashes', text, `: ${messageOf(error)}`)
  }
}

/** The name of a topic in which `{window}` stands for a window size. */
export function topicTemplate(text: string): string {
  topicName(text.replaceAll('{window}', '1m'))
  return text
}

/** The topic that results of a window size or rolling view go to: `30d/1d` is written `30d-1d`, as topics have no slash. */
export function topicOf(template: string, window: string): string {
  return template.replaceAll('{window}', window.replace('/', '-'))
}

/** `earliest`, `latest`, or an instant in ms since the epoch. */
export function fromRule(text: string): 'earliest' | 'latest' | number {
  if (text === 'earliest' || text === 'latest') return text
  // A time of day without its zone would mean another instant on another machine.
  const zoned = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const time = zoned ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time) || time < 0) {
    throw new BadValue('earliest, latest, or a time with its zone such as 2016-07-11T13:39:00Z', text)
  }
  return time
}
