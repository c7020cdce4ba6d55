import { objectsIn } from './objects-in.js'
import { shellWord } from './printable.js'

/** What text that is not JSON lines seems to be. */
export interface TextShape {
  /** As in "the input looks like …". */
  readonly what: string
  /** A shell command that makes JSON lines of a file on its stdout, or of its stdin (null); null: none is known. */
  readonly command: ((file: string | null) => string) | null
  /** Some of the lines that this command would write. */
  readonly frames: readonly string[]
}

/**
 * Recognises text that other tools write, by its first lines.
 *
 * @param lines the first lines that were refused, in their order
 */
export function textShape(lines: readonly string[]): TextShape | null {
  const all = lines.map((line) => line.trim()).filter((line) => line !== '')
  const [first] = all
  if (first === undefined) return null
  if (/^[{[]/.test(first)) return jsonShape(first, all)
  if (/^<[?!a-z]/i.test(first)) return { what: 'XML or HTML', command: null, frames: [] }
  return zeekShape(all) ?? sequenceShape(first, all) ?? prefixShape(all) ?? logfmtShape(all) ?? csvShape(all)
}

/** Text that begins as an object or an array does, and is no line of JSON lines. */
function jsonShape(first: string, all: readonly string[]): TextShape | null {
  const frames = objectsIn(all.join('\n'))
  if (first.startsWith('[')) {
    return { what: 'a JSON array', command: withFile(`jq -c '.[]'`), frames }
  }
  if (/^\{\s*'/.test(first)) {
    return { what: 'objects in single quotes, which is not JSON', command: null, frames: [] }
  }
  if (share(all, (line) => isObject(line.replace(/,$/, ''))) > 0.5) {
    return {
      what: 'JSON with a comma at the end of each line',
      command: withFile(`sed 's/,[[:space:]]*$//'`),
      frames,
    }
  }
  if (frames.length === 0) return null
  const what = /\}\s*\{/.test(first) ? 'several JSON objects on one line' : 'JSON written over several lines'
  return { what, command: withFile('jq -c .'), frames }
}

/** RFC 7464. */
function sequenceShape(first: string, all: readonly string[]): TextShape | null {
  if (!first.startsWith('\u001e')) return null
  return {
    what: 'a JSON text sequence',
    command: withFile(`tr -d '\\036'`, '<'),
    frames: all.map((line) => line.slice(1)),
  }
}

/** As container engines and log shippers write it: a time, a level, then JSON. */
function prefixShape(all: readonly string[]): TextShape | null {
  const frames = all.map((line) => line.replace(/^[^{]*/, ''))
  if (share(frames, isObject) <= 0.5) return null
  return {
    what: 'JSON with other text before it on each line',
    command: withFile(`sed 's/^[^{]*//'`),
    frames,
  }
}

function logfmtShape(all: readonly string[]): TextShape | null {
  const pairs = all.map((line) => [...line.matchAll(/(?:^|\s)([\w.@-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)])
  if (pairs.filter(({ length }) => length >= 2).length <= all.length / 2) return null
  return {
    what: 'logfmt (name=value)',
    command: withFile(`mlr --idkvp --ifs ' ' --ojsonl cat`),
    frames: pairs.map((found) =>
      jsonOf(found.map(([, name = '', value = '']) => [name, value.replace(/^"(.*)"$/, '$1')])),
    ),
  }
}

/** Delimiters, the commonest first, with what Miller calls their format. */
const delimiters = [
  { character: ',', what: 'CSV', flags: '--icsv' },
  { character: '\t', what: 'tab-separated values', flags: '--itsv' },
  { character: ';', what: 'CSV with semicolons', flags: "--icsv --ifs ';'" },
  { character: '|', what: 'CSV with bars', flags: "--icsv --ifs '|'" },
]

function csvShape([header = '', ...rows]: readonly string[]): TextShape | null {
  for (const { character, what, flags } of delimiters) {
    const fields = cells(header, character)
    if (fields.length < 2 || share(rows, (row) => cells(row, character).length === fields.length) < 0.8)
      continue
    return {
      what,
      command: withFile(`mlr ${flags} --ojsonl cat`),
      frames: rows.map((row) => jsonOf(cells(row, character).map((cell, i) => [fields[i] ?? '', cell]))),
    }
  }
  return null
}

/** Zeek's own format: tab-separated, with a header of lines that begin with #. */
function zeekShape(all: readonly string[]): TextShape | null {
  const fields = all
    .find((line) => line.startsWith('#fields\t'))
    ?.split('\t')
    .slice(1)
  if (fields === undefined) return null
  const members = fields.map((name, i) => `${JSON.stringify(name)}: .[${i}]`)
  const program = `split("\\t") | {${members.join(', ')}}`
  return {
    what: "Zeek's tab-separated format (LogAscii::use_json=T makes Zeek write JSON)",
    command: (file) => `${withFile(`grep -v '^#'`)(file)} | jq -Rc ${shellWord(program)}`,
    frames: all
      .filter((line) => !line.startsWith('#'))
      .map((line) =>
        JSON.stringify(Object.fromEntries(line.split('\t').map((cell, i) => [fields[i] ?? '', cell]))),
      ),
  }
}

/** A command that takes its file as the last word, perhaps behind a `<`, and reads stdin without one. */
function withFile(command: string, ...before: readonly string[]): (file: string | null) => string {
  return (file) => [command, ...(file === null ? [] : [...before, file])].join(' ')
}

function cells(line: string, delimiter: string): string[] {
  const found: string[] = []
  let cell = ''
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    else if (character === delimiter && !isQuoted) {
      found.push(cell)
      cell = ''
    } else cell += character
  }
  return [...found, cell]
}

/** An object as Miller writes it: what looks like a number is one. */
function jsonOf(entries: readonly (readonly [string, string])[]): string {
  return JSON.stringify(
    Object.fromEntries(
      entries.map(([name, text]) => [name, /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text]),
    ),
  )
}

function isObject(text: string): boolean {
  if (!text.startsWith('{')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function share(lines: readonly string[], test: (line: string) => boolean): number {
  return lines.length === 0 ? 0 : lines.filter(test).length / lines.length
}
