// The program one writes first: kafkajs, eachBatch, JSON.parse, a Set. `kafkajs-set.js BROKER TOPIC RECORDS`.
import kafkajs from 'kafkajs'

const [broker = '', topic = '', expected] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING })
const lz4 = await import('lz4-napi')
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
  compress: async () => Buffer.alloc(0),
  decompress: async (/** @type {Buffer} */ input) => lz4.default.decompressFrameSync(input),
})
const { Zstd } = await import('@hpcc-js/wasm-zstd')
const zstd = await Zstd.load()
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: async () => Buffer.alloc(0),
  decompress: async (/** @type {Buffer} */ input) => Buffer.from(zstd.decompress(input)),
})
const consumer = kafka.consumer({ groupId: `bench-${process.pid}-${Date.now()}` })
const users = new Set()
let records = 0
let began = 0
let cpu = process.cpuUsage()
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await new Promise((resolve) => {
  consumer.on(consumer.events.GROUP_JOIN, () => {
    began = performance.now()
    cpu = process.cpuUsage()
  })
  void consumer.run({
    eachBatch: async ({ batch }) => {
      for (const { value } of batch.messages) users.add(JSON.parse(String(value)).uid)
      records += batch.messages.length
      if (records >= Number(expected)) resolve(undefined)
    },
  })
})
const { user, system } = process.cpuUsage(cpu)
const seconds = (performance.now() - began) / 1000
process.stdout.write(
  JSON.stringify({ records, users: users.size, seconds, cpuSeconds: (user + system) / 1e6 }),
)
process.exit()
