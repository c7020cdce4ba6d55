import type { RefusedLine } from '@card/counting'

/** What stands before the reason why a line was rejected, or what was done with a late one. */
export type RefusedLabel = 'reason' | 'action'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A refused line as JSON: `{"reason"|"action","source","offset","line"}`; `lineBase64` stands for `line` where the
 * bytes are not UTF-8, or too many to be escaped.
 */
export function refusedText(label: RefusedLabel, why: string, { source, offset, line }: RefusedLine): string {
  const text = textOf(line)
  if (text !== null) {
    try {
      return JSON.stringify({ [label]: why, source, offset, line: text })
    } catch (error) {
      // Escaped, a line of control characters can be longer than V8's longest string (2^29 - 24 characters).
      if (!(error instanceof RangeError)) throw error
    }
  }
  return JSON.stringify({ [label]: why, source, offset, lineBase64: Buffer.from(line).toString('base64') })
}

function textOf(line: Uint8Array): string | null {
  try {
    return decoder.decode(line)
  } catch {
    return null
  }
}
