import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeCertificates } from './certificates.js'
import { aliveBrokers } from './client.js'
import { kafkaClassPath } from './jars.js'
import { javaArguments, runKafkaTool } from './kafka-tool.js'
import { NodeProcesses } from './node-processes.js'
import { listenerNames, nodeProperties } from './node-properties.js'
import { fixedPorts, freePorts } from './ports.js'

const login = { username: 'card', password: 'card-secret' }

/**
 * @param {import('./types.js').StartOptions} [options]
 * @returns {Promise<import('./types.js').LocalKafka>}
 */
export async function startKafka(options = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options)
    } catch (error) {
      // A free port may be taken by another process before the broker binds it: take others.
      const taken = error instanceof Error && /BindException|Address already in use/.test(error.message)
      if (!taken || options.port !== undefined || attempt === 3) throw error
    }
  }
}

/**
 * @param {import('./types.js').StartOptions} options
 * @returns {Promise<import('./types.js').LocalKafka>}
 */
async function startOnce(options) {
  const classPath = await kafkaClassPath()
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'card-kafka-'))
  mkdirSync(folder, { recursive: true })
  const processes = new NodeProcesses(options.folder === undefined ? folder : null)
  try {
    const nodes = await planNodes(folder, options)
    const certificates = options.tls ? await makeCertificates(join(folder, 'certificates')) : undefined
    const secrets = {
      login,
      ...(certificates && {
        keystore: certificates.keystore,
        expiredKeystore: certificates.expiredKeystore,
        truststore: certificates.ca,
      }),
    }
    const uuid = randomBytes(16).toString('base64url')
    for (const node of nodes) {
      writeFileSync(file(folder, node.id), nodeProperties(node, nodes, options, secrets))
    }
    await Promise.all(nodes.map((node) => format(node, folder, uuid, options)))

    const brokersOf = (/** @type {string} */ name) => nodes.map(({ ports }) => `127.0.0.1:${ports[name]}`)
    const brokers = brokersOf('PLAINTEXT')
    const timeout = options.timeout ?? 90_000
    const logs = (node = 1) => {
      const path = log(folder, node)
      return existsSync(path) ? readFileSync(path, 'utf8') : ''
    }
    const launch = (/** @type {number} */ node) =>
      processes.start(
        node,
        javaArguments(classPath, 'kafka.Kafka', [file(folder, node)], {
          heap: options.heap ?? 384,
          level: 'info',
          jvm: [],
        }),
        log(folder, node),
      )
    const ready = async (/** @type {number} */ node, /** @type {string[]} */ expected) => {
      const ended = processes.exitOf(node).then((exit) => {
        throw new Error(`Kafka node ${node} ended (${exit}) before it answered:\n${logs(node).slice(-3000)}`)
      })
      const answered = untilAlive(String(brokers[node - 1]), expected, timeout, () => logs(node))
      await Promise.race([ended, answered])
    }
    await Promise.all(nodes.map(({ id }) => launch(id)))
    await Promise.all(nodes.map(({ id }) => ready(id, brokers)))

    return {
      brokers,
      folder,
      ...(certificates && {
        tls: {
          brokers: brokersOf('TLS'),
          mutualBrokers: brokersOf('MTLS'),
          expiredBrokers: brokersOf('EXPIRED'),
          certificates,
        },
      }),
      ...(options.sasl && {
        sasl: {
          brokers: brokersOf('SASL'),
          ...(options.tls && { tlsBrokers: brokersOf('SASLTLS') }),
          login,
        },
      }),
      logs,
      signal: async (node, signal) => processes.signal(node, signal),
      kill: (node) => processes.end(node, 'SIGKILL'),
      async restart(node) {
        await processes.end(node, 'SIGKILL')
        await launch(node)
        await ready(node, [String(brokers[node - 1])])
      },
      async stop() {
        // A kept folder deserves a clean end; one that is thrown away does not need it.
        const signal = options.folder === undefined ? 'SIGKILL' : 'SIGTERM'
        await Promise.all(nodes.map(({ id }) => processes.end(id, signal)))
        await processes.close()
        if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await processes.close()
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * @param {string} folder
 * @param {import('./types.js').StartOptions} options
 * @returns {Promise<import('./node-properties.js').NodePlan[]>}
 */
async function planNodes(folder, options) {
  const count = options.nodes ?? 1
  const names = listenerNames(options)
  const total = count * names.length
  const ports = options.port === undefined ? await freePorts(total) : await fixedPorts(options.port, total)
  return Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    data: join(folder, `data-${i + 1}`),
    ports: Object.fromEntries(names.map((name, j) => [name, Number(ports[i * names.length + j])])),
  }))
}

/**
 * @param {import('./node-properties.js').NodePlan} node
 * @param {string} folder
 * @param {string} uuid the cluster's, the same for every node
 * @param {import('./types.js').StartOptions} options
 */
async function format(node, folder, uuid, options) {
  if (existsSync(join(node.data, 'meta.properties'))) return
  const users = options.sasl
    ? ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${login.username},password=${login.password}]`,
      ])
    : []
  // One word, since a random id may begin with a dash.
  await runKafkaTool('kafka.tools.StorageTool', [
    'format',
    `--cluster-id=${uuid}`,
    '-c',
    file(folder, node.id),
    ...users,
  ])
}

/**
 * Asks until the node says that all expected brokers are alive.
 *
 * @param {string} broker
 * @param {string[]} expected
 * @param {number} timeout
 * @param {() => string} logs
 */
async function untilAlive(broker, expected, timeout, logs) {
  const end = Date.now() + timeout
  for (;;) {
    const alive = await aliveBrokers(broker).catch(() => /** @type {string[]} */ ([]))
    if (expected.every((each) => alive.includes(each))) return
    if (Date.now() > end) {
      throw new Error(`Kafka at ${broker} did not answer within ${timeout} ms:\n${logs().slice(-3000)}`)
    }
    await pause(100)
  }
}

/**
 * @param {string} folder
 * @param {number} node
 */
function file(folder, node) {
  return join(folder, `node-${node}.properties`)
}

/**
 * @param {string} folder
 * @param {number} node
 */
function log(folder, node) {
  return join(folder, `node-${node}.log`)
}
