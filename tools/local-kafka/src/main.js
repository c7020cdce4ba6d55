#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { clean, start, status, stop } from './cluster-commands.js'
import { create, put, tail, topics } from './topic-commands.js'

const help = `A real Apache Kafka on this machine, from Maven artifacts (Java 17 and Maven are needed).

  start [--nodes 1|3] [--port 9092]   start, and wait until it answers; the data of the last run is kept
  stop                                end it
  status                              say whether it runs, and where
  clean                               remove its data
  topics                              list topics
  create TOPIC [--partitions N] [--config NAME=VALUE]...
  put TOPIC [FILE] [--key-separator S]
                                      send lines of a file or stdin, one record each
  tail TOPIC [--from earliest|latest] [--partition N --from OFFSET] [--max N] [--keys]
                                      print a topic (committed records only) as it grows, what comes from now on
                                      unless --from earliest

topics, create, put and tail take --brokers HOST:PORT,... (else KAFKA_BROKERS, else the started Kafka).
CARD_KAFKA_CACHE names the folder of the jars, CARD_KAFKA_DATA that of the data.
`

const options = /** @type {const} */ ({
  nodes: { type: 'string' },
  port: { type: 'string' },
  brokers: { type: 'string' },
  partitions: { type: 'string' },
  config: { type: 'string', multiple: true },
  'key-separator': { type: 'string' },
  from: { type: 'string' },
  partition: { type: 'string' },
  max: { type: 'string' },
  keys: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
})

/** @type {Record<string, { flags: string[], operands: [number, number] }>} */
const commands = {
  start: { flags: ['nodes', 'port'], operands: [0, 0] },
  stop: { flags: [], operands: [0, 0] },
  status: { flags: [], operands: [0, 0] },
  clean: { flags: [], operands: [0, 0] },
  topics: { flags: ['brokers'], operands: [0, 0] },
  create: { flags: ['brokers', 'partitions', 'config'], operands: [1, 1] },
  put: { flags: ['brokers', 'key-separator'], operands: [1, 2] },
  tail: { flags: ['brokers', 'from', 'partition', 'max', 'keys'], operands: [1, 1] },
}

/** @type {Record<string, [RegExp, string]>} */
const values = {
  nodes: [/^[13]$/, '1 or 3'],
  port: [/^[1-9]\d{0,4}$/, 'a port'],
  partitions: [/^[1-9]\d*$/, 'a whole number from 1'],
  config: [/^[^=]+=/, 'NAME=VALUE'],
  'key-separator': [/./s, 'at least one character'],
  from: [/^(earliest|latest|\d+)$/, 'earliest, latest or an offset'],
  partition: [/^\d+$/, 'a whole number from 0'],
  max: [/^[1-9]\d*$/, 'a whole number from 1'],
}

class UsageError extends Error {}

try {
  await main()
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = error instanceof UsageError ? 64 : 1
}

async function main() {
  const { name, flags, operands } = parse(process.argv.slice(2))
  const [topic = '', file] = operands
  if (name === 'help') process.stdout.write(help)
  else if (name === 'start') await start(flags)
  else if (name === 'stop') await stop()
  else if (name === 'status') await status()
  else if (name === 'clean') await clean()
  else if (name === 'topics') await topics(flags)
  else if (name === 'create') await create(topic, flags)
  else if (name === 'put') await put(topic, file, flags)
  else await tail(topic, flags)
}

/** @param {string[]} args */
function parse(args) {
  const { values: flags, positionals } = parseOrRefuse(args)
  const [name = 'help', ...operands] = positionals
  if (flags.help || name === 'help') return { name: 'help', flags, operands }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    throw new UsageError(`Unknown command ${name}; there are ${Object.keys(commands).join(', ')}`)
  }
  const [least, most] = command.operands
  if (operands.length < least) throw new UsageError(`${name} needs a TOPIC`)
  if (operands.length > most) throw new UsageError(`${name} does not take ${operands[most]}`)
  for (const [flag, given] of Object.entries(flags)) {
    if (!command.flags.includes(flag)) throw new UsageError(`${name} does not take --${flag}`)
    const [pattern, expected] = values[flag] ?? [/(?:)/, '']
    for (const value of [given].flat()) {
      if (!pattern.test(String(value))) throw new UsageError(`--${flag} is ${expected}, found ${value}`)
    }
  }
  return { name, flags, operands }
}

/** @param {string[]} args */
function parseOrRefuse(args) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
