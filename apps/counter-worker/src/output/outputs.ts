import { dirname } from 'node:path'
import type { CountingOutput } from '../counting/counting-core.js'
import type { OptionValues } from '../settings/option-table.js'
import type { Stop } from '../stop.js'
import { HeldLines } from './held-lines.js'
import { RefusedLineFile } from './refused-lines.js'
import { resultFormat } from './result-line.js'
import { standardOutput } from './standard-output.js'
import { TextWriter } from './text-writer.js'

/** Everything that a run writes to besides its summary: results on stdout, refused lines in files. */
export class Outputs {
  /** What the counting core hands its results and lines to. */
  readonly counting: CountingOutput
  readonly #stdout: TextWriter
  readonly #files: readonly RefusedLineFile[]
  readonly #late: RefusedLineFile | null
  readonly #held: HeldLines | null

  private constructor(
    values: OptionValues,
    stdout: TextWriter,
    rejects: RefusedLineFile | null,
    late: RefusedLineFile | null,
  ) {
    this.#stdout = stdout
    this.#files = [rejects, late].filter((file) => file !== null)
    this.#late = late
    // A held frame may turn out late, or too much for the group table: then its line is wanted.
    const besides =
      values['late-file'] ?? (values['group-overflow'] === 'reject' ? values['rejects-file'] : null)
    this.#held = besides === null ? null : new HeldLines(dirname(besides))
    const format = resultFormat(values.format, values.sketches)
    stdout.write(format.header)
    this.counting = {
      result: (result) => stdout.write(format.line(result)),
      rejected: rejects === null ? null : (reason, line) => rejects.add(reason, line),
      late: late === null ? null : (action, line) => late.add(action, line),
      held: this.#held,
    }
  }

  /**
   * @param stop asked to stop when stdout is closed by its reader
   * @throws ExitError (1) when a file cannot be created
   */
  static open(values: OptionValues, stop: Stop): Outputs {
    const stdout = new TextWriter('stdout', standardOutput(), () => stop.request('closed-output'))
    const [rejects, late] = [values['rejects-file'], values['late-file']]
    return new Outputs(
      values,
      stdout,
      rejects === null ? null : new RefusedLineFile(rejects, 'reason'),
      late === null ? null : new RefusedLineFile(late, 'action'),
    )
  }

  /** Hands on what was gathered, without waiting. */
  push(): void {
    this.#stdout.push()
  }

  /** Hands everything on and waits for slow readers. @throws ExitError (1) */
  async flush(): Promise<void> {
    await this.#stdout.flush()
    for (const file of this.#files) file.flush()
  }

  /** The lines that still wait in the guard leave as late: the stream will not be read on. */
  abandonHeld(): void {
    for (const line of this.#held?.takeAll() ?? []) this.#late?.add('ahead', line)
  }

  /** Writes everything out and closes the files. @throws ExitError (1) */
  async close(): Promise<void> {
    for (const file of this.#files) file.close()
    await this.#stdout.finish()
  }
}
