import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { textShape } from '../../src/advice/text-shape.js'

const folder = temporaryFolder('shape')
const hasJq = spawnSync('jq', ['--version']).status === 0

describe('what other tools write', () => {
  test.each([
    ['an array on one line', '[{"uid":"a","ts":1},{"uid":"b","ts":2}]', "jq -c '.[]' F"],
    ['an array, an object a line', '[\n{"uid":"a","ts":1},\n{"uid":"b","ts":2}\n]', "jq -c '.[]' F"],
    [
      'objects over several lines',
      '{\n  "uid": "a",\n  "ts": 1\n}\n{\n  "uid": "b",\n  "ts": 2\n}',
      'jq -c . F',
    ],
    ['objects without a line end between them', '{"uid":"a","ts":1}{"uid":"b","ts":2}', 'jq -c . F'],
    ['a comma behind each line', '{"uid":"a","ts":1},\n{"uid":"b","ts":2},', "sed 's/,[[:space:]]*$//' F"],
    [
      'text before each object',
      '09:00 INFO {"uid":"a","ts":1}\n09:01 INFO {"uid":"b","ts":2}',
      "sed 's/^[^{]*//' F",
    ],
    ['a JSON text sequence', '\u001e{"uid":"a","ts":1}\n\u001e{"uid":"b","ts":2}', "tr -d '\\036' < F"],
    [
      "Zeek's own format",
      '#separator \\x09\n#fields\tuid\tts\n#types\tstring\ttime\na\t1\nb\t2',
      `grep -v '^#' F | jq -Rc 'split("\\t") | {"uid": .[0], "ts": .[1]}'`,
    ],
    ['CSV', 'uid,ts\na,1\n"b",2', 'mlr --icsv --ojsonl cat F'],
    ['tab-separated values', 'uid\tts\na\t1\nb\t2', 'mlr --itsv --ojsonl cat F'],
    ['logfmt', 'uid=a ts=1\nuid="b" ts=2', "mlr --idkvp --ifs ' ' --ojsonl cat F"],
  ])('%s: the command, and the frames that it would make', (name, text, command) => {
    const shape = textShape(text.split('\n'))!
    expect(shape.command!('F')).toBe(command)
    expect(
      shape.frames
        .map((frame) => JSON.parse(frame) as { uid: string; ts: unknown })
        .map(({ uid, ts }) => [uid, Number(ts)]),
    ).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    // Where the tools are there, they make the same of it.
    if (command.includes('mlr') || (command.includes('jq') && !hasJq)) return
    const file = join(folder, name.replaceAll(/\W/g, '-'))
    writeFileSync(file, `${text}\n`)
    const { stdout } = spawnSync('sh', ['-c', shape.command!(file)], { encoding: 'utf8' })
    const made = stdout.split('\n').filter((line) => line.startsWith('{'))
    expect(made.map((line) => JSON.parse(line) as unknown)).toEqual(
      shape.frames.map((frame) => JSON.parse(frame) as unknown),
    )
  })

  test.each([
    ['XML', '<?xml version="1.0"?>', 'XML or HTML'],
    ['what Python prints', "{'uid': 'a', 'ts': 1}", 'objects in single quotes, which is not JSON'],
  ])('%s is named', (_, text, what) => {
    expect(textShape([text])).toEqual({ what, command: null, frames: [] })
  })

  test('of prose nothing is said', () => {
    expect(textShape(['Dear all', 'see below'])).toBe(null)
  })
})
