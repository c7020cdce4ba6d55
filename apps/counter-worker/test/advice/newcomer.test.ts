import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseLines, run } from '../program.js'

/** Files as other tools write them; each holds 40 frames of the two minutes from 13:39:44. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'newcomer')
const at = (name: string) => join(folder, name)
const counts = (stdout: string) =>
  parseLines<{ count: number; events: number }>(stdout).map(({ count, events }) => [count, events])

/** What the first try says, and what comes of the flags that it names. */
async function twoTries(name: string): Promise<{ advice: string; counted: number[][] }> {
  const first = await run([at(name)])
  expect([first.code, first.stdout]).toEqual([65, ''])
  const flags = /^ {2}try (--.*?):/m.exec(first.stderr)?.[1]?.split(' ') ?? []
  const second = await run([at(name), ...flags])
  return { advice: first.stderr, counted: counts(second.stdout) }
}

describe('who brings a file of their own gets a correct count, or the right advice, at the first try', () => {
  test('CSV: the command that makes JSON lines of it, with the key and the time of its header', async () => {
    const { code, stderr } = await run([at('likes.csv')])
    expect([code, stderr]).toEqual([
      65,
      expect.stringContaining(
        `try: mlr --icsv --ojsonl cat ${at('likes.csv')} | counter-worker --key user_id --time timestamp\n`,
      ),
    ])
    expect(stderr).toContain('byte 0): timestamp,user_id,video,comment\n')
  })

  test('pretty-printed JSON: jq', async () => {
    const { code, stderr } = await run([at('likes.json')])
    expect([code, stderr]).toEqual([
      65,
      expect.stringContaining(`try: jq -c '.[]' ${at('likes.json')} | counter-worker\n`),
    ])
    const lines = (JSON.parse(readFileSync(at('likes.json'), 'utf8')) as object[]).map((frame) =>
      JSON.stringify(frame),
    )
    expect(counts((await run([], lines.join('\n'))).stdout)).toEqual([
      [4, 6],
      [6, 20],
      [6, 14],
    ])
  })

  test('nested members with ISO times: the paths of both', async () => {
    const { advice, counted } = await twoTries('nested.jsonl')
    expect(advice).toMatch(/^ {2}try --key user\.id --time event\.time/m)
    expect(advice).toContain('missing-time 40')
    expect(advice).toContain('event.time (string), user.id (string)')
    expect(counted.map(([, events]) => events)).toEqual([6, 20, 14])
  })

  test('a log of zap: the key, its times in fractions of a second fit', async () => {
    const { advice, counted } = await twoTries('zap.log')
    expect(advice).toContain('  try --key user: 40 of the first 40 rejected lines would count\n')
    expect(counted.map(([, events]) => events)).toEqual([6, 20, 14])
  })

  test('a log of Zeek: a correct count of its connections', async () => {
    const { code, stdout } = await run([at('conn.log')])
    expect([code, counts(stdout)]).toEqual([
      0,
      [
        [6, 6],
        [20, 20],
        [14, 14],
      ],
    ])
  })
})
