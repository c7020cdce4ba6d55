import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A worker process. */
export class Worker {
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  /** What it has said on stderr, the last 20 kB. */
  said = ''

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-20_000)
    })
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null)
  }

  /** Whether it has ended by itself. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    return this.#ended
  }

  /** Holds it up, as a machine that swaps or a network that is gone would. */
  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  /** Runs it to its own end. @returns the exit code */
  async end(): Promise<number | null> {
    return this.#ended
  }
}
