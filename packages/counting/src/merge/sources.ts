import type { Origin, Progress } from '../count/partial.js'

/** What a merger knows about one incarnation of an input partition. */
export interface Source {
  readonly partition: string
  /** -1: known by name alone, nothing has come from it */
  readonly incarnation: number
  /** the merger's own number for it, never given again */
  readonly id: number
  /** the offset after the last one that progress has covered; -1: none */
  upTo: number
  watermark: number
  status: Progress['status']
  /** events of partials that came after their window had dropped its state */
  closed: number
}

/** The input partitions of a merger, by name; a new incarnation takes the place of the one before. */
export class Sources {
  private readonly current = new Map<string, Source>()
  private nextId = 0

  get(partition: string): Source | undefined {
    return this.current.get(partition)
  }

  [Symbol.iterator](): Iterator<Source> {
    return this.current.values()
  }

  /** Begins a source; the partition's earlier one is replaced. */
  begin({ partition, incarnation }: Origin): Source {
    const closed = this.current.get(partition)?.closed ?? 0
    const id = this.nextId++
    const kept = { upTo: -1, watermark: Number.NEGATIVE_INFINITY, status: 'active' as const, closed }
    const source = { partition, incarnation, id, ...kept }
    this.current.set(partition, source)
    return source
  }

  remove(partition: string): void {
    this.current.delete(partition)
  }

  save(): SavedSources {
    const sources = Array.from(this.current.values(), (source) => ({
      ...source,
      watermark: Number.isFinite(source.watermark) ? source.watermark : source.watermark > 0 ? 'end' : null,
    }))
    return { nextId: this.nextId, sources } as SavedSources
  }

  load({ nextId, sources }: SavedSources): void {
    this.nextId = nextId
    for (const { watermark, ...rest } of sources) {
      const at = watermark === 'end' ? Number.POSITIVE_INFINITY : (watermark ?? Number.NEGATIVE_INFINITY)
      this.current.set(rest.partition, { ...rest, watermark: at })
    }
  }
}

/** Sources as plain data. */
export interface SavedSources {
  readonly nextId: number
  readonly sources: readonly (Omit<Source, 'watermark'> & {
    /** ms; null: none yet */
    readonly watermark: number | null | 'end'
  })[]
}
