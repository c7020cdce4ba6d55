import { loadPackage } from '../load-package.js'
import type { OptionTable } from './option.js'
import { keyOf } from './option.js'
import { sourceOf } from './origin.js'
import type { Settled } from './settle.js'

/** The effective options as YAML that `--config` can read, each value followed by its source. */
export function renderSettings<T extends OptionTable>({ options, texts, origins }: Settled<T>): string {
  return Object.keys(options)
    .map((name) => {
      const text = texts.get(name) ?? null
      const key = keyOf(name)
      return text === null
        ? `# ${key}: not set\n`
        : `${key}: ${scalar(text)} # ${sourceOf(origins.get(name)!)}\n`
    })
    .join('')
}

/** A text as YAML on one line, so that the source can follow it. */
function scalar(text: string): string {
  const { stringify } = loadPackage('yaml') as typeof import('yaml')
  const plain = stringify(text, { lineWidth: 0 }).trimEnd()
  return plain.includes('\n') ? JSON.stringify(text) : plain
}
