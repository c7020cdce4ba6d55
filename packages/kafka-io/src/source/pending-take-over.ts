import type { GroupVerdict } from '../group/group-client.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'
import type { TakeOver } from './types.js'

/** A partition that was assigned and is not read yet: its position is being found. */
export class PendingTakeOver implements TakeOver {
  readonly key: string
  readonly #heartbeat: (generation: number | null) => Promise<GroupVerdict>
  readonly #controller = new AbortController()
  generation: number | null

  /** @param generation of the group; it is raised while the partition is kept */
  constructor(
    readonly partition: TopicPartition,
    readonly topicId: string | null,
    generation: number | null,
    heartbeat: (generation: number | null) => Promise<GroupVerdict>,
  ) {
    this.key = keyOfPartition(partition)
    this.generation = generation
    this.#heartbeat = heartbeat
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  // A field, so that `startAt(partition, { heartbeat })` may take it out.
  readonly heartbeat = (): Promise<GroupVerdict> =>
    this.signal.aborted ? Promise.resolve('stale') : this.#heartbeat(this.generation)

  abort(): void {
    this.#controller.abort()
  }
}

/** Wraps what `startAt` was rejected with, to distinguish it from failures of the source itself. */
export class RejectedStart extends Error {
  constructor(readonly reason: unknown) {
    super('startAt was rejected', { cause: reason })
  }
}
