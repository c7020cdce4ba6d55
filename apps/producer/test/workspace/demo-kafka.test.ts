import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { describeLocalKafka } from '../kafka/broker.js'
import { finish } from '../program.js'

const demo = join(import.meta.dirname, '..', '..', '..', '..', 'tools', 'run', 'demo-kafka.js')

/** Starts the demo; everything that it starts inherits the marker. */
function startDemo(seconds: string): { child: ChildProcess; left: () => string[] } {
  const marker = randomUUID()
  const env = { ...process.env, DEMO_MARKER: marker }
  const child = spawn(process.execPath, [demo, seconds], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, left: () => commandsWith(marker) }
}

/** The command lines of the processes whose environment holds the marker (Linux). */
function commandsWith(marker: string): string[] {
  return readdirSync('/proc').flatMap((id) => {
    try {
      if (!/^\d+$/.test(id) || !readFileSync(`/proc/${id}/environ`, 'latin1').includes(marker)) return []
      return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')]
    } catch {
      // It has just ended, or is another user's.
      return []
    }
  })
}

describeLocalKafka('pnpm demo:kafka', () => {
  test('prints the results of every window and ends when they are the truth', async () => {
    const { code, out, err } = await finish(startDemo('30').child)
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(
        /\d+ lines = \d+ counted \+ \d+ rejected \+ 0 late \+ 0 blank\n.*2 windows, every number equals/,
      ),
    })
    const results = out
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(new Set(results.map(({ start }) => start))).toEqual(
      new Set(['2016-07-11T13:39:00.000Z', '2016-07-11T13:40:00.000Z']),
    )
  })

  test.skipIf(process.platform !== 'linux')('ends cleanly on Ctrl-C and leaves nothing running', async () => {
    const { child, left } = startDemo('100000')
    const finished = finish(child)
    await new Promise((resolve) => createInterface({ input: child.stdout! }).once('line', resolve))
    // The broker, its guard, the printing consumer and its guard, the worker, the producer, and the demo itself.
    expect(left().length).toBeGreaterThanOrEqual(7)
    child.kill('SIGINT')
    const { code, err } = await finished
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('demo: Stopping') })
    expect(left()).toEqual([])
  })
})
