import { setImmediate } from 'node:timers/promises'
import { CountingError, expectManifest, type Groups, type ManifestFields } from '@card/counting'
import { KafkaIoError, type KafkaSource, type KafkaTransactions } from '@card/kafka-io'
import type { StepEffect, TakeOverEffect } from '../core/durable/effects.js'
import type { DurableInput, RestoringInput } from '../core/durable/inputs.js'
import type { HeartbeatOutcome } from '../core/durable/owner-life.js'
import type { CheckpointStore } from '../state/checkpoint-store.js'
import { failureOf, sendInTransaction } from '../state/send-step.js'
import { type SerializedStep, serializeCountStep, serializeMergeStep } from '../state/serialized-step.js'
import type { StateTopics } from '../state/state-topics.js'
import type { OwnedOutputs } from './owned-outputs.js'
import type { OwnerPartitions } from './owner-partitions.js'
import { OwnerWork } from './owner-work.js'

/** What owners are taken over, restored and stepped with. */
export interface KafkaOwnersParts {
  /** Prefix of the transactional ids. */
  readonly name: string
  readonly group: string
  readonly source: Pick<KafkaSource, 'generationOf' | 'heartbeat' | 'startOf' | 'topicIdOf'>
  readonly transactions: Pick<KafkaTransactions, 'fence'>
  readonly store: CheckpointStore
  readonly topics: StateTopics
  readonly partitions: OwnerPartitions
  readonly groups: Groups
  readonly outputs: OwnedOutputs
  /** Settings that no later step may change. */
  readonly configuration: string
  /** The rule that new states begin by. */
  readonly from: string
  /** Writes out what goes to files, before a step is committed. */
  readonly flushFiles: () => Promise<void> | undefined
  /** Takes answers. */
  readonly post: (input: DurableInput) => void
  /** Takes what cannot be gone on from. */
  readonly fail: (error: unknown) => void
}

/** Does with Kafka what a durable core wants done with its owners, and answers. */
export class KafkaOwners {
  readonly #parts: KafkaOwnersParts
  readonly #works = new Map<string, OwnerWork>()

  constructor(parts: KafkaOwnersParts) {
    this.#parts = parts
  }

  takeOver(effect: TakeOverEffect): void {
    if (effect.kind === 'heartbeat') this.#heartbeat(effect.owner, effect.term)
    else if (effect.kind === 'fence') this.#fence(effect.owner, effect.term)
    else this.#restore(effect.owner, effect.term)
  }

  drop(name: string): void {
    this.#works.get(name)?.drop()
  }

  /** Serializes a step, with turns for the event loop; it is sent and committed afterwards. */
  async step({ owner: name, term, step }: StepEffect): Promise<void> {
    const { outputs, flushFiles } = this.#parts
    const work = this.#workOf(name)
    const { checkpoint, producer } = work
    if (checkpoint === null || producer === null) throw new Error(`Expected ${name} to be taken over`)
    const parts = { owner: work.owner, checkpoint, fields: this.#fieldsOf(work, step), ...this.#written() }
    const serializing =
      step.stage === 'count'
        ? serializeCountStep(step.step, outputs.ofCounter(step.step), parts)
        : serializeMergeStep(step.step, outputs.ofMerger(step.step), parts)
    let serialized: SerializedStep | null = null
    let began = performance.now()
    while (serialized === null) {
      const { done, value } = serializing.next()
      if (done === true) serialized = value
      else if (performance.now() - began > 10) {
        await setImmediate()
        began = performance.now()
      }
    }
    await flushFiles()
    const records = [...work.tombstones, ...serialized.records]
    const written = { ...serialized, records }
    work.tombstones = []
    work.inTurn(async () => {
      const answer = (outcome: 'done' | 'lost') => {
        const { isFragmented } = checkpoint
        this.#parts.post({ kind: 'step', owner: name, term, outcome, isFragmented })
      }
      try {
        await sendInTransaction(producer, written)
        checkpoint.commit()
        if (step.stage === 'merge') outputs.onCommit(step.step)
        answer('done')
      } catch (error) {
        if (failureOf(error) === 'fatal') this.#parts.fail(error)
        else answer('lost')
      }
    })
  }

  #written() {
    const { topics, groups } = this.#parts
    return { topics, groups }
  }

  #fieldsOf(work: OwnerWork, step: StepEffect['step']): ManifestFields {
    const { group, configuration, topics } = this.#parts
    const { checkpoint, partials } = topics
    return {
      group,
      configuration,
      configEpoch: work.configEpoch,
      topics: { checkpoint: checkpoint.partitions, partials: partials.partitions },
      input: work.input,
      revisionBase: work.revisionBase,
      sums: step.stage === 'count' ? step.input : noInput,
    }
  }

  #heartbeat(owner: string, term: number): void {
    const { post, fail } = this.#parts
    this.#askGroup(owner).then(
      (outcome) => post({ kind: 'heartbeat', owner, term, outcome }),
      (error) => {
        if (!isClosed(error)) fail(error)
      },
    )
  }

  /** Whether an owner's partition is this worker's in the newest generation of the group. */
  async #askGroup(owner: string): Promise<HeartbeatOutcome> {
    const { source, partitions } = this.#parts
    const { partition } = partitions.ofName(owner)
    const generation = source.generationOf(partition)
    if (generation === null) return 'stale'
    const verdict = await source.heartbeat(generation)
    // A newer generation has come while it was asked, and the partition is still this worker's in it.
    const isKept = source.generationOf(partition) !== null
    return verdict === 'stale' && isKept ? 'rebalancing' : verdict
  }

  #fence(name: string, term: number): void {
    const { transactions, post } = this.#parts
    const work = this.#workOf(name)
    const { signal } = work
    work.inTurn(async () => {
      if (signal.aborted) return
      try {
        work.producer = await transactions.fence(`card/${this.#parts.name}/${name}`, { signal })
        post({ kind: 'fencing', owner: name, term, outcome: 'done' })
      } catch (error) {
        this.#onFailure(error, signal, () => post({ kind: 'fencing', owner: name, term, outcome: 'lost' }))
      }
    })
  }

  #restore(name: string, term: number): void {
    const { post } = this.#parts
    const work = this.#workOf(name)
    const { signal } = work
    work.inTurn(async () => {
      if (signal.aborted) return
      try {
        const outcome = await this.#restored(work, signal)
        post({ kind: 'restoring', owner: name, term, outcome })
      } catch (error) {
        this.#onFailure(error, signal, () => post({ kind: 'restoring', owner: name, term, outcome: 'lost' }))
      }
    })
  }

  async #restored(work: OwnerWork, signal: AbortSignal): Promise<RestoringInput['outcome']> {
    const { store, source, group, configuration, topics, from } = this.#parts
    const { owner, partition } = work
    const isCounter = owner.stage === 'count'
    const topicId = source.topicIdOf(partition.topic)
    const found = await store.restore(owner, { signal, pause: () => setImmediate() })
    if (found === null) {
      const position = isCounter ? await source.startOf(partition) : 0
      work.checkpoint = store.begin(owner)
      work.input = isCounter ? { topicId, incarnation: 0, firstOffset: position, from } : null
      return { kind: 'born', position, incarnation: 0 }
    }
    const { manifest, head, image, checkpoint, isOwn, tombstones } = found
    const { checkpoint: of, partials } = topics
    const expected = {
      group,
      configuration,
      topics: { checkpoint: of.partitions, partials: partials.partitions },
    }
    expectManifest(manifest, expected)
    work.checkpoint = checkpoint
    work.tombstones = tombstones
    work.input = manifest.input
    work.revisionBase = manifest.revisionBase
    work.configEpoch = manifest.configEpoch
    if ('sources' in head) return { kind: 'merger', head, image, isOwn }
    const { input, sums } = manifest
    if (input === null) throw new Error(`Expected the manifest of a counter to name its input`)
    if (input.topicId !== topicId) throw recreated(partition.topic)
    return { kind: 'counter', head, image, isOwn, input: sums, incarnation: input.incarnation }
  }

  #onFailure(error: unknown, signal: AbortSignal, lost: () => void): void {
    if (signal.aborted) return
    if (failureOf(error) === 'fatal') this.#parts.fail(error)
    else lost()
  }

  #workOf(name: string): OwnerWork {
    let work = this.#works.get(name)
    if (work === undefined) {
      work = new OwnerWork(this.#parts.partitions.ofName(name))
      this.#works.set(name, work)
    }
    return work
  }
}

const noInput = { lines: 0, bytes: 0, blank: 0, fallbacks: 0 }

function isClosed(error: unknown): boolean {
  return error instanceof KafkaIoError && error.code === 'closed'
}

function recreated(topic: string): CountingError {
  return new CountingError(
    'other-configuration',
    `Expected the topic ${topic} from which the saved state was counted, found a new one of that name: it was deleted and recreated. Use another --state to count the new topic.`,
  )
}
