import { createReadStream } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { quietClient, quietProducer } from './client.js'
import { askControl } from './control.js'
import { kafkaClassPath } from './jars.js'
import { javaArguments } from './kafka-tool.js'
import { lines } from './lines.js'
import { NodeProcesses } from './node-processes.js'

// One send() is one batch per partition, and a broker refuses a batch beyond 1 MiB.
const sendBytes = 500_000
const sendRecords = 1000
/** How long a new topic may be without leaders, ms. */
const leaderPatience = 30_000

/** @typedef {{ brokers?: string | undefined }} BrokerFlag */

/** @param {BrokerFlag} flags */
export async function topics(flags) {
  await withAdmin(flags, async (admin) => {
    const { topics: found } = await admin.fetchTopicMetadata()
    for (const { name, partitions } of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const offsets = await admin.fetchTopicOffsets(name)
      const records = offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
      say(`${name}\t${quantity(partitions.length, 'partition')}\t${quantity(records, 'offset')}`)
    }
  })
}

/**
 * @param {string} topic
 * @param {BrokerFlag & { partitions?: string | undefined, config?: string[] | undefined }} flags
 */
export async function create(topic, flags) {
  const partitions = Number(flags.partitions ?? 1)
  const configEntries = (flags.config ?? []).map((entry) => {
    const at = entry.indexOf('=')
    return { name: entry.slice(0, at), value: entry.slice(at + 1) }
  })
  await withAdmin(flags, async (admin) => {
    const plan = { topic, numPartitions: partitions, configEntries }
    if (await admin.createTopics({ topics: [plan], waitForLeaders: false })) {
      await untilLed(admin, topic, partitions)
      return say(`${topic} is created with ${quantity(partitions, 'partition')}`)
    }
    const found = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length
    if (found !== partitions)
      throw new Error(`${topic} exists already, with ${quantity(found ?? 0, 'partition')}`)
    say(`${topic} exists already`)
  })
}

/**
 * Waits until all partitions of a new topic have leaders: waitForLeaders of kafkajs fails where the broker it asks has
 * not heard of the topic yet.
 *
 * @param {import('kafkajs').Admin} admin
 * @param {string} topic
 * @param {number} partitions
 */
async function untilLed(admin, topic, partitions) {
  const end = Date.now() + leaderPatience
  for (;;) {
    const led = await admin.fetchTopicOffsets(topic).catch((/** @type {Error} */ error) => error)
    if (!(led instanceof Error) && led.length === partitions) return
    if (Date.now() > end) {
      const found = led instanceof Error ? led.message : `answers of ${quantity(led.length, 'partition')}`
      throw new Error(
        `Expected ${quantity(partitions, 'partition')} of ${topic} to have leaders, found after ${leaderPatience / 1000} s: ${found}`,
      )
    }
    await pause(50)
  }
}

/**
 * @param {string} topic
 * @param {string | undefined} file none or `-`: stdin
 * @param {BrokerFlag & { 'key-separator'?: string | undefined }} flags
 */
export async function put(topic, file, flags) {
  const brokers = await brokersOf(flags)
  await withAdmin({ brokers: brokers.join(',') }, (admin) => verifyTopic(admin, topic))
  const producer = quietProducer(quietClient(brokers))
  const source = file === undefined || file === '-' ? process.stdin : createReadStream(file)
  const separator = flags['key-separator']
  let count = 0
  await producer.connect()
  try {
    /** @type {{ key: Buffer | null, value: Buffer }[]} */
    let messages = []
    let size = 0
    const send = async () => {
      if (messages.length > 0) await producer.send({ topic, messages })
      count += messages.length
      messages = []
      size = 0
    }
    for await (const line of lines(source)) {
      if (messages.length === sendRecords || size + line.length > sendBytes) await send()
      const at = separator === undefined ? -1 : line.indexOf(separator)
      messages.push(
        at < 0 || separator === undefined
          ? { key: null, value: line }
          : { key: line.subarray(0, at), value: line.subarray(at + Buffer.byteLength(separator)) },
      )
      size += line.length
    }
    await send()
  } finally {
    await producer.disconnect()
  }
  process.stderr.write(`${quantity(count, 'record')} put into ${topic}\n`)
}

/**
 * Kafka's clients wait for a topic or partition that does not exist, for ever and without a word.
 *
 * @param {import('kafkajs').Admin} admin
 * @param {string} topic
 * @param {string} [partition]
 */
async function verifyTopic(admin, topic, partition) {
  const found = (await admin.fetchTopicMetadata()).topics.find(({ name }) => name === topic)
  if (found === undefined) {
    throw new Error(`There is no topic ${topic}: create it first (the command topics lists those there are)`)
  }
  const { length } = found.partitions
  if (partition === undefined || Number(partition) < length) return
  throw new Error(`There is no partition ${partition} of ${topic}, which has ${length}, counted from 0`)
}

/**
 * Prints a topic by Kafka's own console consumer, which skips aborted transactions rightly (kafkajs does not).
 *
 * @param {string} topic
 * @param {BrokerFlag & { from?: string | undefined, partition?: string | undefined, max?: string | undefined, keys?: boolean | undefined }} flags
 */
export async function tail(topic, flags) {
  const { from = 'latest', partition, max, keys } = flags
  const start =
    partition !== undefined
      ? ['--partition', partition, '--offset', from]
      : from === 'earliest'
        ? ['--from-beginning']
        : []
  if (partition === undefined && from !== 'earliest' && from !== 'latest') {
    throw new Error('--from OFFSET needs --partition: every partition counts its own offsets')
  }
  const brokers = await brokersOf(flags)
  await withAdmin({ brokers: brokers.join(',') }, (admin) => verifyTopic(admin, topic, partition))
  const args = [
    ...['--bootstrap-server', brokers.join(','), '--topic', topic, ...start],
    ...['--isolation-level', 'read_committed'],
    ...(max === undefined ? [] : ['--max-messages', max]),
    ...(keys ? ['--formatter-property', 'print.key=true'] : []),
  ]
  const main = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
  // Started over a channel, it ends with who started it, in whatever way that ended.
  process.once('disconnect', () => process.exit(1))
  const consumer = new NodeProcesses(null, 'inherit')
  await consumer.start(1, javaArguments(await kafkaClassPath(), main, args, { level: 'off' }), null)
  const exit = await consumer.wait(1)
  await consumer.close()
  if (exit !== '0') throw new Error(`The console consumer ended with ${exit}`)
}

/** @param {BrokerFlag} flags */
async function brokersOf({ brokers }) {
  const given = brokers ?? process.env.KAFKA_BROKERS
  if (given) return given.split(',')
  const state = await askControl()
  if (state === null) throw new Error('Kafka does not run: start it, or name one by --brokers HOST:PORT')
  return state.brokers
}

/**
 * @param {BrokerFlag} flags
 * @param {(admin: import('kafkajs').Admin) => Promise<void>} work
 */
async function withAdmin(flags, work) {
  const admin = quietClient(await brokersOf(flags)).admin()
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}

/**
 * @param {number} count
 * @param {string} singular
 */
function quantity(count, singular) {
  return `${count} ${singular}${count === 1 ? '' : 's'}`
}
