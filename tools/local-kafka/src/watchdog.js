// Runs the nodes of one cluster and outlives nobody: when the channel to the process that started it closes,
// in whatever way that process ended (kill -9 too), it kills the nodes and removes the data folder.
//
// Messages in: {start, args, log}, {signal, node}, {remove: folder}. Messages out: {node, pid}, {node, exit}.
import { spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'

/** @type {Map<number, import('node:child_process').ChildProcess>} */
const running = new Map()
/** @type {string | null} */
let folder = null
let orphan = false

process.on(
  'message',
  /** @param {any} message */ (message) => {
    if (message.remove !== undefined) folder = message.remove
    if (message.start !== undefined) start(message.start, message.args, message.log)
    if (message.signal !== undefined) running.get(message.node)?.kill(message.signal)
  },
)

process.on('disconnect', () => {
  orphan = true
  for (const child of running.values()) child.kill('SIGKILL')
  finishOrphan()
})

/**
 * @param {number} node
 * @param {string[]} args
 * @param {string | null} log
 */
function start(node, args, log) {
  const output = log === null ? 'inherit' : openSync(log, 'a')
  const child = spawn('java', args, { stdio: ['ignore', output, output] })
  if (typeof output === 'number') closeSync(output)
  running.set(node, child)
  child.once('spawn', () => tell({ node, pid: child.pid }))
  child.once('error', (error) => gone(node, error.message))
  child.once('exit', (code, signal) => gone(node, signal ?? code))
}

/**
 * @param {number} node
 * @param {unknown} exit
 */
function gone(node, exit) {
  if (!running.delete(node)) return
  tell({ node, exit })
  finishOrphan()
}

/** @param {object} message */
function tell(message) {
  if (process.connected) process.send?.(message, () => {})
}

function finishOrphan() {
  if (!orphan || running.size > 0) return
  if (folder !== null) rmSync(folder, { recursive: true, force: true })
  process.exit()
}
