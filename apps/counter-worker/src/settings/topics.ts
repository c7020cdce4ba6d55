/** What `--topic` names: topics by name, or all whose name a pattern matches. */
export type TopicSetting = readonly string[] | RegExp

const legal = /^[a-zA-Z0-9._-]{1,249}$/

/** `host:port`, joined by commas. */
export function brokerList(text: string): readonly string[] {
  const brokers = text.split(',').map((broker) => broker.trim())
  for (const broker of brokers) {
    const port = Number(/^[^\s/]+:(\d{1,5})$/.exec(broker)?.[1])
    if (!(port >= 1 && port <= 65_535)) throw new Error('expected host:port, several joined by commas')
  }
  return brokers
}

/** Names joined by commas, or one regular expression between slashes that is searched in every name. */
export function topicList(text: string): TopicSetting {
  const pattern = /^\/(.+)\/$/.exec(text)?.[1]
  if (pattern === undefined) return text.split(',').map((name) => topicName(name.trim()))
  try {
    return new RegExp(pattern)
  } catch (error) {
    throw new Error(`expected a regular expression between slashes: ${(error as Error).message}`)
  }
}

/** The name of one topic: 1 to 249 letters, digits, dots, underscores and dashes. */
export function topicName(text: string): string {
  if (!legal.test(text) || text === '.' || text === '..') {
    throw new Error(`expected the name of a topic (letters, digits, . _ -); found "${text}"`)
  }
  return text
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
    throw new Error('expected earliest, latest, or a time with its zone such as 2016-07-11T13:39:00Z')
  }
  return time
}

/** `host:port` to listen on; a port alone listens on 127.0.0.1, port 0 takes a free one. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^\s:/]+):)?(\d{1,5})$/.exec(text)
  const port = Number(match?.[2])
  if (!(port >= 0 && port <= 65_535)) throw new Error('expected an address such as 127.0.0.1:9464')
  return { host: (match![1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port }
}

/** What a broker calls a group: any text that is not empty. */
export function groupName(text: string): string {
  if (text.trim() === '') throw new Error('expected the name of a consumer group')
  return text
}
