import { BadValue } from './bad-value.js'

const legalTopic = /^[a-zA-Z0-9._-]{1,249}$/

/** The name of a topic: 1 to 249 letters, digits, dots, underscores and dashes. */
export function topicName(text: string): string {
  if (legalTopic.test(text) && text !== '.' && text !== '..') return text
  throw new BadValue('the name of a topic: up to 249 letters, digits, dots, underscores and dashes', text)
}

/** What a broker calls a group: any text but an empty one. */
export function groupName(text: string): string {
  if (text.trim() !== '') return text
  throw new BadValue('the name of a consumer group', text)
}

/** The path of a file; `-` would be a stream. */
export function filePath(text: string): string {
  if (text !== '' && text !== '-') return text
  throw new BadValue('the path of a file', text)
}
