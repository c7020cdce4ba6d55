import { tmpdir } from 'node:os'
import { Failures, type Stop } from '@card/app-kit'
import type { Result } from '@card/results'
import type { CountingOutput, LateAction } from '../counting/counting-output.js'
import type { OptionValues } from '../settings/option-table.js'
import { folderBeside, HeldLineStore } from './held-lines.js'
import type { OutputFiles } from './output-files.js'
import type { RefusedLineFile, RefusedLines } from './refused-lines.js'
import { resultFormat } from './result-format.js'
import { standardOutput } from './standard-output.js'
import { TextWriter } from './text-writer.js'

/** Outputs that are topics. */
export interface TopicOutputs {
  /** Takes results; null: they go to stdout. */
  readonly results: ((result: Result) => void) | null
  readonly rejects: RefusedLines | null
  readonly late: RefusedLines | null
  /** How often records were sent in vain. */
  failures(): number
  /** Distinct (window, start, group) of the results that were acknowledged. */
  windows(): number
  /** Resolves when everything is written. @throws ExitError (1 or 78) */
  flush(): Promise<void>
  /** Gives up what is not written yet, and what comes. */
  abandon(): void
  /** Writes what remains. @throws ExitError (1 or 78) */
  close(): Promise<void>
}

/** Takes the end of a window in ms, and how many final results of it (one for each group) have been written just now. */
export type OnFinal = (end: number, results: number) => void

/** What results and lines go to. */
export interface OutputParts {
  readonly files: OutputFiles
  /** Default: nothing goes to topics. */
  readonly topics?: TopicOutputs | null
  /** Called when a final result is written. */
  readonly onFinal?: OnFinal | null | undefined
}

/** Everything that a run writes to besides its summary: results on stdout or to topics, refused lines beside them. */
export class Outputs {
  /** What the counting core hands its results and lines to. */
  readonly counting: CountingOutput
  /** Refused lines that were handed on. */
  refused = 0
  readonly #stdout: TextWriter
  readonly #files: readonly RefusedLineFile[]
  readonly #topics: TopicOutputs | null
  readonly #held: HeldLineStore | null
  readonly #onFinal: OnFinal | null
  /** Final results that were handed on and not written yet, by the end of their window in ms. */
  readonly #unwritten = new Map<number, number>()

  /** @param stop asked to stop when stdout is closed by its reader */
  constructor(values: OptionValues, stop: Stop, { files, topics = null, onFinal = null }: OutputParts) {
    this.#onFinal = onFinal
    this.#stdout = new TextWriter('stdout', standardOutput(), () => stop.request('closed-output'))
    this.#files = [files.rejects, files.late].filter((file) => file !== null)
    this.#topics = topics
    const rejects = files.rejects ?? topics?.rejects ?? null
    const late = files.late ?? topics?.late ?? null
    // A held frame may turn out late, or too much for the group table: then its line is wanted.
    const wanted = late !== null || (rejects !== null && values['group-overflow'] === 'reject')
    const besides = values['late-file'] ?? values['rejects-file']
    this.#held = wanted ? new HeldLineStore(besides === null ? tmpdir() : folderBeside(besides)) : null
    this.counting = {
      result: this.#noting(this.#results(values)),
      rejected: rejects === null ? null : (reason, line) => this.#refuse(rejects, reason, line),
      late: late === null ? null : (action, line) => this.#refuse(late, action, line),
      lateAction: lateAction(values),
      held: this.#held?.ofPartition ?? null,
    }
  }

  /** Hands on what was gathered for stdout, without waiting. */
  push(): void {
    this.#stdout.push()
  }

  /** Distinct (window, start, group) whose results were written, to topics where they go there and to stdout otherwise. */
  get windows(): number {
    return this.#topics?.results == null ? this.#stdout.delivered : this.#topics.windows()
  }

  /** How often records were sent to topics in vain. */
  get sendFailures(): number {
    return this.#topics?.failures() ?? 0
  }

  /** Hands everything on. A promise where slow readers or topics have to be waited for. @throws ExitError (1 or 78) */
  flush(): Promise<void> | undefined {
    const stdout = this.#stdout.flush()
    for (const file of this.#files) file.flush()
    this.#held?.check()
    if (stdout !== undefined || this.#topics !== null) return this.#settled(stdout)
    this.#noteWritten()
    return undefined
  }

  /** The brokers are gone: what is not written to topics yet is given up. */
  abandonTopics(): void {
    this.#topics?.abandon()
  }

  /** Writes everything out and closes the files. @throws ExitError (1 or 78) */
  async close(): Promise<void> {
    // One that cannot be written keeps nothing from the others.
    const failures = new Failures()
    for (const file of this.#files) await failures.of(() => file.close())
    await failures.of(() => this.#held?.check())
    await failures.of(async () => this.#topics?.close())
    await failures.of(() => this.#stdout.finish())
    failures.throw()
    this.#noteWritten()
  }

  #noting(publish: (result: Result) => void): (result: Result) => void {
    const unwritten = this.#unwritten
    if (this.#onFinal === null) return publish
    return (result) => {
      publish(result)
      if (result.pane === 'final') unwritten.set(result.end, (unwritten.get(result.end) ?? 0) + 1)
    }
  }

  async #settled(stdout: Promise<void> | undefined): Promise<void> {
    await stdout
    await this.#topics?.flush()
    this.#noteWritten()
  }

  #noteWritten(): void {
    for (const [end, results] of this.#unwritten) this.#onFinal?.(end, results)
    this.#unwritten.clear()
  }

  #results(values: OptionValues): (result: Result) => void {
    const stdout = this.#stdout
    const topic = this.#topics?.results ?? null
    if (topic !== null && !values.print) return topic
    const format = resultFormat(values)
    stdout.write(format.header)
    return (result) => {
      topic?.(result)
      stdout.write(format.line(result), result.revision === 0)
    }
  }

  #refuse(to: RefusedLines, ...refused: Parameters<RefusedLines['add']>): void {
    this.refused++
    to.add(...refused)
  }
}

function lateAction(values: OptionValues): LateAction {
  if (values['late-topic'] !== null) return 'topic'
  return values['late-file'] === null ? 'dropped' : 'file'
}
