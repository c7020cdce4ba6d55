import { KafkaClient } from '@card/kafka-io'
import { startKafka } from '@card/local-kafka'
import { expect, test } from 'vitest'
import { finish, Program } from '../program.js'
import { describeLocalKafka, rowsOf } from './broker.js'

describeLocalKafka('an outage', () => {
  test.concurrent('of a broker that is killed and started again in mid-stream loses no frame', async () => {
    const kafka = await startKafka({ shortSessions: true })
    try {
      const broker = new KafkaClient({ brokers: kafka.brokers })
      const producer = await Program.build()
      const frames = ['generate', '--frames', '6000', '--rate', '1000', '--line-length', '100']
      const child = producer.start([
        ...[...frames, '--pace', '1x', '--profile', 'latency'],
        ...['--topic', 'frames', '--brokers', kafka.brokers.join(','), '--partitions', '1'],
      ])
      const finished = finish(child)
      const received = async () => (await broker.admin((admin) => admin.listTopics())).includes('frames')
      while (!(await received()) || (await rowsOf('frames', broker)).length < 500) {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      await kafka.kill(1)
      await kafka.restart(1)
      const { code, err } = await finished
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('6,000 lines') })
      const lines = (await producer.run(frames)).out.toString().split('\n').slice(0, -1)
      const values = new Set((await rowsOf('frames', broker)).map(({ value }) => value))
      expect(lines.filter((line) => !values.has(line))).toEqual([])
    } finally {
      await kafka.stop()
    }
  }, 120_000)

  // Half a minute of waiting, beside the other test.
  test.concurrent('without end exits 1 after half a minute and says what to do', async () => {
    const producer = await Program.build()
    const flags = ['--topic', 't', '--brokers', '127.0.0.1:1']
    const { code, err } = await producer.run(['generate', '--frames', '1', ...flags])
    expect(code).toBe(1)
    expect(err).toMatch(/^producer: No broker answers at 127\.0\.0\.1:1 .*check the address.*\n$/)
  })
})
