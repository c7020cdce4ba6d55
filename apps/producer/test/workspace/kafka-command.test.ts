import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { expect, inject, test } from 'vitest'
import { describeKafka, newTopic, rowsOf } from '../kafka/broker.js'
import { type Finished, finish } from '../program.js'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const folder = temporaryFolder('kafka-command')

/** As `pnpm kafka` runs it: in the root, the user's folder in INIT_CWD. */
function kafka(...args: string[]): Promise<Finished> {
  const env = { ...process.env, INIT_CWD: folder, CARD_KAFKA_DATA: join(folder, 'data') }
  const program = join(root, 'tools', 'run', 'kafka.js')
  return finish(spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: 'pipe' }))
}

test('pnpm kafka knows whether Kafka runs, and refuses what it does not know with 64', async () => {
  const [status, unknown] = await Promise.all([kafka('status'), kafka('bogus')])
  expect([status.code, status.out.toString()]).toEqual([0, 'Kafka does not run\n'])
  expect([unknown.code, unknown.err]).toEqual([64, expect.stringContaining('start, stop, status, clean')])
})

describeKafka('pnpm kafka', () => {
  test('puts a file that is named from where the user stands', async () => {
    writeFileSync(join(folder, 'lines.txt'), 'a\nb\n')
    const topic = await newTopic()
    const { code } = await kafka('put', topic, 'lines.txt', '--brokers', inject('kafkaBrokers').join(','))
    expect(code).toBe(0)
    expect((await rowsOf(topic)).map(({ value }) => value)).toEqual(['a', 'b'])
  })
})
