import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { buildApp } from '@card/testing'

/** What a run of the program left. */
export interface Finished {
  code: number | null
  out: Buffer
  err: string
}

/** The producer as users start it. */
export class Program {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  static async build(): Promise<Program> {
    return new Program(await buildApp(join(import.meta.dirname, '..')))
  }

  /** @param input for its stdin; null: kept open, without a byte */
  start(args: readonly string[], input: string | Buffer | null = ''): ChildProcess {
    return startProgram(this.#path, args, input)
  }

  run(args: readonly string[], input?: string | Buffer): Promise<Finished> {
    return finish(this.start(args, input))
  }
}

/** Starts a program of Node. @param input for its stdin; null: kept open, without a byte */
export function startProgram(
  path: string,
  args: readonly string[],
  input: string | Buffer | null = '',
): ChildProcess {
  const child = spawn(process.execPath, [path, ...args], { stdio: 'pipe' })
  child.stdin!.on('error', () => {})
  if (input !== null) child.stdin!.end(input)
  return child
}

/** Waits for the end of a program. */
export async function finish(child: ChildProcess): Promise<Finished> {
  const out: Buffer[] = []
  let err = ''
  child.stdout?.on('data', (piece: Buffer) => out.push(piece))
  child.stderr?.on('data', (piece) => {
    err += piece
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out: Buffer.concat(out), err }
}
