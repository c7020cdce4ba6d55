import { ExitCode, ExitError, type Logger, messageOf } from '@card/app-kit'
import type { GapEvent, KafkaSource, SourceEvent } from '@card/kafka-io'
import type { DurableCore } from '../core/durable/durable-core.js'
import type { DurableEffect, HintEffect, PurgeEffect, StepEffect } from '../core/durable/effects.js'
import type { DurableInput } from '../core/durable/inputs.js'
import type { AskEndsEffect, LogEffect, PauseEffect } from '../core/effects.js'
import type { Inbox } from '../kafka/inbox.js'
import type { KafkaOwners } from './kafka-owners.js'
import type { OwnedReader } from './owned-reader.js'
import type { OwnerPartitions } from './owner-partitions.js'
import type { PurgedPartition } from './purge-partials.js'
import { standings } from './standings.js'
import type { WaitingStarts } from './waiting-starts.js'

/** What a durable worker is run with. */
export interface DurableShellParts {
  readonly core: DurableCore
  readonly source: KafkaSource
  readonly inbox: Inbox<SourceEvent, DurableInput>
  readonly owners: KafkaOwners
  readonly partitions: OwnerPartitions
  readonly reader: OwnedReader
  readonly starts: WaitingStarts
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>
  /** Writes out what was handed on. */
  readonly flush: () => Promise<void> | undefined
  /** Deletes merged partials before offsets. */
  readonly purge: (offsets: readonly PurgedPartition[]) => Promise<void>
}

/** Tells a durable core what happens and what time it is, and does what it answers. */
export class DurableShell {
  readonly #parts: DurableShellParts
  #hasFinished = false
  #known = 0

  constructor(parts: DurableShellParts) {
    this.#parts = parts
  }

  /** Runs until the core has finished: at the end, or stopped. @throws KafkaIoError, CountingError, ExitError */
  async run(): Promise<void> {
    const { inbox, partitions, reader, flush } = this.#parts
    try {
      await this.#tellKnown()
      while (!this.#hasFinished) {
        const event = await inbox.next()
        if (event === null) return
        if (event === 'tick') await this.#tick()
        else if (event.kind !== 'sections') await this.#onEvent(event)
        else {
          const owner = partitions.nameOf(event)
          if (partitions.isMerged(event)) await this.#handle(reader.partials(event, owner))
          else await this.#handle(await reader.frames(event, owner))
        }
        await flush()
      }
    } finally {
      inbox.close()
    }
  }

  /** Tells the core what asks for nothing that has to be waited for. */
  take(input: DurableInput): void {
    const effects = this.#parts.core.handle(input, performance.now(), Date.now())
    if (effects.length > 0) throw new Error(`Expected nothing to do for ${input.kind}`)
  }

  async #onEvent(event: Exclude<SourceEvent, { kind: 'sections' }> | DurableInput): Promise<void> {
    const { partitions, starts, log } = this.#parts
    switch (event.kind) {
      case 'generation': {
        const { generation } = event
        const owners = [...event.kept.map((each) => partitions.nameOf(each)), ...starts.owners]
        await this.#handle({ kind: 'kept', owners, generation })
        starts.tell(generation)
        return
      }
      case 'assigned': {
        const texts = event.partitions.map(
          ({ topic, partition, position }) => `${topic}/${partition} from ${position}`,
        )
        log.info({ partitions: texts }, 'reading')
        return
      }
      case 'revoked': {
        const owners =
          'owners' in event ? event.owners : event.partitions.map((each) => partitions.nameOf(each))
        log.info({ owners }, 'revoked')
        return this.#handle({ kind: 'revoked', owners })
      }
      case 'end':
        return this.#handle({ kind: 'partition-ended', owner: partitions.nameOf(event) })
      case 'gap': {
        if (!('topic' in event)) return this.#handle(event)
        const { kind, reason, from, to } = event
        if (reason !== 'retention') throw lostInput(event)
        return this.#handle({ kind, partition: partitions.nameOf(event), reason, from, to })
      }
      case 'interrupted':
        return this.#handle({ kind: 'request-failed', reason: event.error.message })
      case 'records':
        throw new Error('Expected sections of records, found their columns')
      default:
        return this.#handle(event)
    }
  }

  async #tick(): Promise<void> {
    const { source, partitions } = this.#parts
    await this.#tellKnown()
    await this.#handle({ kind: 'tick', partitions: standings(source, partitions) })
  }

  /** Tells of the input partitions there are, whenever there are more. */
  async #tellKnown(): Promise<void> {
    const { source, partitions } = this.#parts
    const input = source.partitions.filter((each) => !partitions.isMerged(each))
    if (input.length === this.#known) return
    this.#known = input.length
    const name = ({ topic, partition }: (typeof input)[number]) => `${topic}/${partition}`
    const { ends } = source
    await this.#handle({
      kind: 'known',
      partitions: input.map(name),
      ends: ends.length === 0 ? null : new Map(ends.map((end) => [name(end), end.offset])),
    })
  }

  async #handle(input: DurableInput): Promise<void> {
    const { core } = this.#parts
    for (let next: DurableInput | null = input; next !== null; ) {
      const effects: DurableEffect[] = core.handle(next, performance.now(), Date.now())
      next = null
      for (const effect of effects) {
        if (effect.kind === 'continue') next = effect
        else if (effect.kind === 'step') await this.#step(effect)
        else this.#perform(effect)
      }
    }
  }

  #step(effect: StepEffect): Promise<void> {
    return this.#parts.owners.step(effect)
  }

  #perform(effect: Exclude<DurableEffect, StepEffect | { kind: 'continue' }>): void {
    const { owners, starts, source, partitions } = this.#parts
    switch (effect.kind) {
      case 'heartbeat':
      case 'fence':
      case 'restore':
        owners.takeOver(effect)
        break
      case 'start':
        // Taken over once more, it is read already: what was read ahead is read again.
        if (!starts.start(effect.owner, effect.position)) {
          const { partition } = partitions.ofName(effect.owner)
          source.reopen(partition, effect.position)
          source.resume([partition])
        }
        break
      case 'drop':
        owners.drop(effect.owner)
        break
      case 'hint':
        this.#hint(effect)
        break
      case 'purge':
        this.#purge(effect)
        break
      case 'ask-ends':
        this.#askEnds(effect)
        break
      case 'pause':
      case 'resume':
        this.#setPaused(effect)
        break
      case 'log':
        this.#say(effect)
        break
      case 'finish':
        this.#hasFinished = true
    }
  }

  #setPaused({ kind, partitions: names }: PauseEffect): void {
    const { source, partitions } = this.#parts
    source[kind](names.map((name) => partitions.ofName(name).partition))
  }

  #askEnds({ id, partitions: names }: AskEndsEffect): void {
    const { source, partitions, inbox } = this.#parts
    const began = performance.now()
    source.highWatermarks(names.map((name) => partitions.ofName(name).partition)).then(
      (found) => {
        const ends = new Map(found.map((end) => [partitions.nameOf(end), end.highWatermark]))
        inbox.post({ kind: 'ends', id, elapsed: performance.now() - began, ends })
      },
      (error) => inbox.fail(error),
    )
  }

  #hint({ offsets }: HintEffect): void {
    const { source, partitions, log } = this.#parts
    const byGeneration = new Map<number, Parameters<KafkaSource['commitOffsets']>[0][number][]>()
    for (const { owner, position: offset, watermark: w, idle } of offsets) {
      const { partition } = partitions.ofName(owner)
      const generation = source.generationOf(partition)
      if (generation === null) continue
      const hints = byGeneration.get(generation) ?? []
      byGeneration.set(generation, hints)
      hints.push({ ...partition, offset, metadata: w === null ? '' : JSON.stringify({ w, idle }) })
    }
    const committing = Array.from(byGeneration, ([generation, hints]) =>
      source.commitOffsets(hints, generation),
    )
    Promise.all(committing)
      .then(() => this.#askHints())
      .catch((error) => log.debug({ error: messageOf(error) }, 'no hint was committed'))
  }

  /** How far other workers are, as their hints say. */
  async #askHints(): Promise<void> {
    const { source, partitions, core, inbox } = this.#parts
    let leastWatermark: number | null = null
    for (const { metadata, ...partition } of await source.fetchCommitted()) {
      if (partitions.isMerged(partition) || core.owners.get(partitions.nameOf(partition)) !== undefined)
        continue
      const watermark = hintedWatermark(metadata)
      if (watermark !== null) leastWatermark = Math.min(leastWatermark ?? watermark, watermark)
    }
    inbox.post({ kind: 'hints', leastWatermark })
  }

  #purge({ offsets }: PurgeEffect): void {
    const { purge, partitions, log } = this.#parts
    const purged = offsets.map(({ owner, position }) => ({
      partition: partitions.ofName(owner).partition.partition,
      offset: position,
    }))
    purge(purged).catch((error) =>
      log.warn(
        { error: messageOf(error) },
        'could not delete merged partials; they use disk space until a later attempt succeeds',
      ),
    )
  }

  #say({ level, partition, fields, message }: LogEffect): void {
    this.#parts.log[level](partition === null ? fields : { owner: partition, ...fields }, message)
  }
}

/** The state refers to records that no longer exist, so counting cannot continue from it. */
function lostInput({ topic, partition, reason, from }: GapEvent): ExitError {
  const found =
    reason === 'recreated'
      ? 'the topic was deleted and recreated'
      : `the brokers have lost the end of the partition, which was counted up to offset ${from}`
  return new ExitError(ExitCode.failed, [
    `${topic}/${partition}: ${found}. The saved state refers to records that no longer exist; use another --state to count the new ones`,
  ])
}

/** The watermark of a hint; null: the partition is idle, or the note is not one of ours. */
function hintedWatermark(metadata: string): number | null {
  const hint = /^\{"w":(-?\d+),"idle":(true|false)\}$/.exec(metadata)
  return hint === null || hint[2] === 'true' ? null : Number(hint[1])
}
