import { fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askControl, clusterFolder } from './control.js'

/** @param {{ nodes?: string | undefined, port?: string | undefined }} flags */
export async function start({ nodes, port = '9092' }) {
  const running = await askControl()
  if (running !== null) {
    if (nodes !== undefined && Number(nodes) !== running.nodes) {
      throw new Error(`Kafka runs already, with --nodes ${running.nodes}: stop it first`)
    }
    return say(`Kafka runs already: ${running.brokers.join(',')}`)
  }
  const folder = clusterFolder()
  mkdirSync(folder, { recursive: true })
  const options = { folder, nodes: nodesOf(folder, nodes), port: Number(port) }
  say(`Starting Kafka with ${options.nodes} node${options.nodes > 1 ? 's' : ''} in ${folder}`)
  const brokers = await launch(options)
  say(`Kafka is ready: ${brokers.join(',')}`)
}

export async function stop() {
  const stopped = await askControl({ stop: true })
  say(stopped === null ? 'Kafka does not run' : 'Kafka is stopped; its data is kept (clean removes it)')
}

export async function status() {
  const state = await askControl()
  if (state === null) return say('Kafka does not run')
  const { brokers, folder, pid } = state
  say(`Kafka runs: ${brokers.join(',')}, data in ${folder}, held by process ${pid}`)
}

export async function clean() {
  if ((await askControl()) !== null) throw new Error('Kafka runs: stop it before its data is removed')
  rmSync(clusterFolder(), { recursive: true, force: true })
  say('The data is removed; the jars stay in the cache')
}

/**
 * A data folder belongs to the number of nodes it was made for.
 *
 * @param {string} folder
 * @param {string | undefined} asked
 * @returns {1 | 3}
 */
function nodesOf(folder, asked) {
  const file = join(folder, 'nodes')
  const found = existsSync(file) ? readFileSync(file, 'utf8') : undefined
  if (found !== undefined && asked !== undefined && found !== asked) {
    throw new Error(`The data in ${folder} is that of --nodes ${found}: leave the flag out, or clean first`)
  }
  const nodes = found ?? asked ?? '1'
  writeFileSync(file, nodes)
  return nodes === '3' ? 3 : 1
}

/**
 * @param {object} options
 * @returns {Promise<string[]>}
 */
function launch(options) {
  const daemon = fileURLToPath(new URL('./daemon.js', import.meta.url))
  const child = fork(daemon, [JSON.stringify(options)], { detached: true, stdio: 'ignore', execArgv: [] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Kafka could not be started (exit code ${code})`)))
    child.once('message', (/** @type {any} */ { brokers, error }) => {
      if (error !== undefined) return reject(new Error(error))
      child.removeAllListeners()
      child.unref()
      resolve(brokers)
    })
  })
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`)
}
