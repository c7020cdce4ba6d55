// Our source: `kafka-source.js BROKER TOPIC walk|parse`. Prints records, seconds from the first to the last, CPU seconds.
// walk: every record's spans; parse: each value by JSON.parse into a Set of uid, as a plain program would.
import { KafkaClient, KafkaSource } from '@card/kafka-io'

const [broker = '', topic = '', mode] = process.argv.slice(2)
const client = new KafkaClient({ brokers: [broker] })
const source = await KafkaSource.open(client, { topics: [topic], from: 'earliest', until: 'end' })
const users = new Set()
let records = 0
let bytes = 0
const began = performance.now()
const cpu = process.cpuUsage()
for await (const event of source) {
  if (event.kind !== 'records') continue
  const { rows, payload, valueStart, valueLength } = event.columns
  records += rows
  if (mode === 'walk') {
    for (let row = 0; row < rows; row++) bytes += /** @type {number} */ (valueLength[row])
    continue
  }
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  for (let row = 0; row < rows; row++) {
    const start = /** @type {number} */ (valueStart[row])
    users.add(JSON.parse(text.toString('utf8', start, start + /** @type {number} */ (valueLength[row]))).uid)
  }
}
const { user, system } = process.cpuUsage(cpu)
const seconds = (performance.now() - began) / 1000
process.stdout.write(
  JSON.stringify({ records, bytes, users: users.size, seconds, cpuSeconds: (user + system) / 1e6 }),
)
