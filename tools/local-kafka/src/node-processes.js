import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const watchdog = fileURLToPath(new URL('./watchdog.js', import.meta.url))

/** The Java processes of one cluster, held by a watchdog that ends them when this process ends. */
export class NodeProcesses {
  #channel
  /** @type {Map<number, { exit: Promise<string>, exited: (exit: string) => void, started: () => void }>} */
  #running = new Map()
  /** @type {Promise<void>} */
  #closed
  #waiting = 0

  /**
   * @param {string | null} folder removed when this process ends without close()
   * @param {'ignore' | 'inherit'} [output] what becomes of the output of processes started without a log
   */
  constructor(folder, output = 'ignore') {
    // A session of its own: a signal typed into the terminal reaches this process only.
    const stdio = /** @type {const} */ (['ignore', output, 'inherit', 'ipc'])
    this.#channel = fork(watchdog, { detached: true, execArgv: [], stdio: [...stdio] })
    this.#closed = new Promise((resolve) => this.#channel.once('exit', () => resolve()))
    this.#channel.on('message', (message) => this.#receive(message))
    if (folder !== null) this.#channel.send({ remove: folder })
    this.#channel.unref()
    this.#channel.channel?.unref()
  }

  /**
   * A running cluster is no reason for this process to stay alive, but waiting for one is.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #awake(work) {
    if (this.#waiting++ === 0) this.#channel.channel?.ref()
    try {
      return await work()
    } finally {
      if (--this.#waiting === 0) this.#channel.channel?.unref()
    }
  }

  /**
   * @param {number} node
   * @param {string[]} args of java
   * @param {string | null} log path of the file that takes its output
   * @returns {Promise<void>} when the process runs, or has failed to (see exitOf)
   */
  async start(node, args, log) {
    /** @type {(exit: string) => void} */
    let exited = () => {}
    /** @type {Promise<string>} */
    const exit = new Promise((resolve) => {
      exited = resolve
    })
    await this.#awake(
      () =>
        new Promise((resolve) => {
          const started = () => resolve(undefined)
          this.#running.set(node, { exit, exited, started })
          this.#channel.send({ start: node, args, log })
        }),
    )
  }

  /**
   * @param {number} node
   * @returns {Promise<string>} its exit code or signal, once it has ended
   */
  exitOf(node) {
    return this.#running.get(node)?.exit ?? Promise.resolve('not started')
  }

  /**
   * Keeps this process alive until a node has ended.
   *
   * @param {number} node
   * @returns {Promise<string>} its exit code or signal
   */
  wait(node) {
    return this.#awake(() => this.exitOf(node))
  }

  /**
   * @param {number} node
   * @param {NodeJS.Signals} signal
   */
  signal(node, signal) {
    this.#channel.send({ signal, node })
  }

  /**
   * Ends a node; resolves at once where it does not run.
   *
   * @param {number} node
   * @param {NodeJS.Signals} signal after 20 s without effect followed by SIGKILL
   */
  async end(node, signal) {
    if (!this.#running.has(node)) return
    const exit = this.exitOf(node)
    this.signal(node, signal)
    const kill = setTimeout(() => this.signal(node, 'SIGKILL'), 20_000)
    await this.#awake(() => exit)
    clearTimeout(kill)
  }

  /** Ends what still runs, and the watchdog. */
  async close() {
    if (this.#channel.connected) this.#channel.disconnect()
    this.#channel.ref()
    await this.#closed
  }

  /** @param {any} message */
  #receive({ node, exit }) {
    const entry = this.#running.get(node)
    entry?.started()
    if (exit === undefined) return
    this.#running.delete(node)
    entry?.exited(String(exit))
  }
}
