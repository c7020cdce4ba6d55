import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { describe, expect, test } from 'vitest'
import { shellWord } from '../../src/advice/printable.js'
import { textShape } from '../../src/advice/text-shape.js'
import { run } from '../program.js'

const folder = temporaryFolder('terminal')
/** A control sequence in one character, and a reversed direction. */
const hostile = '\u009b2J\u202e'
const shown = '\\u009b2J\\u202e'
const at = 1_468_244_384

describe('what reaches a terminal is without control characters of the input', () => {
  test('in the example of lines that left the scanner', async () => {
    const deep = `${'['.repeat(65)}${']'.repeat(65)}`
    const { code, stderr } = await run([], `{"x":"${hostile}","uid":"u","ts":${at},"deep":${deep}}\n`)
    expect(code).toBe(0)
    expect(stderr).toContain(`for example: {"x":"${shown}","uid":"u"`)
    expect(stderr).not.toContain(hostile)
  })

  test('in the names of members that advice and explanations propose', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `{"${hostile}id":"u${i % 7}","ts":${at}}\n`)
    const input = lines.join('')
    const advised = await run([], input)
    expect(advised.stderr).toContain(`${shown}id`)
    expect(advised.stderr).not.toMatch(/[\u009b\u202e]/)
    const explained = await run(['explain'], input)
    expect(explained.stdout).toContain(`likely keys: ${shown}id`)
    expect(explained.stdout).not.toMatch(/[\u009b\u202e]/)
  })

  test('in the names of files that cannot be read', async () => {
    const file = join(folder, `x${hostile}.jsonl`)
    const { code, stderr } = await run([file])
    expect([code, stderr]).toEqual([1, expect.stringContaining(`x${shown}.jsonl`)])
    expect(stderr).not.toContain(hostile)
  })

  test('in the names of files with held frames', async () => {
    const file = join(folder, `y${hostile}.jsonl`)
    writeFileSync(file, `{"uid":"u","ts":${at}}\n`)
    expect((await run([file])).stderr).not.toContain(hostile)
  })
})

describe('a word for a shell', () => {
  test.each(['plain', "it's", 'a b$c`d`\\', hostile, `'${hostile}\\é漢`])(
    '%j is what bash makes of it',
    (word) => {
      const { stdout } = spawnSync('bash', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })
      expect(stdout).toBe(word)
    },
  )

  test("a quote in a field's name does not end the quotes of a proposed command", () => {
    const shape = textShape(["#fields\tuid\tx'; touch pwned; '", 'u\t1'])!
    expect(shape.command!('F')).toBe(
      `grep -v '^#' F | jq -Rc 'split("\\t") | {"uid": .[0], "x'\\''; touch pwned; '\\''": .[1]}'`,
    )
  })
})
