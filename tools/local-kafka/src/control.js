import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from './jars.js'

/**
 * @typedef {object} ClusterState
 * @property {string[]} brokers
 * @property {number} nodes
 * @property {string} folder
 * @property {number} pid of the process that holds it: with it everything ends
 */

/** The folder of the one cluster that the command line starts: `CARD_KAFKA_DATA`, or one in the cache folder. */
export function clusterFolder() {
  return process.env.CARD_KAFKA_DATA || join(cacheFolder(), 'cluster')
}

// A socket, not a file with a process id: an id may be another process's by the time it is read.
// In the temporary folder, since the path of a socket may hold about 100 bytes only.
function socketPath() {
  const name = createHash('sha256').update(clusterFolder()).digest('hex').slice(0, 12)
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\card-kafka-${name}`
    : join(tmpdir(), `card-kafka-${name}.sock`)
}

/**
 * Answers the command line: tells the state, and calls `stop` when asked to. Connections stay open
 * until the daemon ends, so a caller knows the end when it comes.
 *
 * @param {ClusterState} state
 * @param {() => void} stop
 * @returns {Promise<void>}
 */
export function serveControl(state, stop) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(`${JSON.stringify(state)}\n`)
      socket.on('data', (text) => text.toString().startsWith('stop') && stop())
    })
    server.once('error', reject)
    if (process.platform !== 'win32') rmSync(socketPath(), { force: true })
    server.listen(socketPath(), () => resolve())
    process.on('exit', () => rmSync(socketPath(), { force: true }))
  })
}

/**
 * @param {{ stop?: boolean }} [request] with `stop` it resolves when the cluster has ended
 * @returns {Promise<ClusterState | null>} null where no cluster runs
 */
export function askControl({ stop = false } = {}) {
  return new Promise((resolve) => {
    const socket = connect(socketPath())
    /** @type {ClusterState | null} */
    let state = null
    socket.on('error', () => {})
    socket.on('close', () => resolve(state))
    socket.on('data', (text) => {
      state ??= JSON.parse(text.toString())
      if (stop) socket.write('stop\n')
      else socket.destroy()
    })
  })
}
