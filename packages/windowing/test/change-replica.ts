import type { EngineHead, Saved, WindowEngine } from '../src/index.js'

type Users = Set<number>

interface ReadOptions {
  readonly ack: boolean
  readonly whole?: boolean
}

/** What a store of snapshots holds: the newest record of everything that is not forgotten. */
export class ChangeReplica {
  head: EngineHead | undefined
  private readonly records = new Map<string, Saved<Users>>()

  /** Reads what changed, as far as the stream is read. @returns the records, as text */
  read(engine: WindowEngine<Users>, options: ReadOptions = { ack: true }): string[] {
    const changes = engine.changes({ whole: options.whole ?? false })
    const read: string[] = []
    const taken: Saved<Users>[] = []
    for (const record of changes) {
      read.push(`${record.kind} ${keyOf(record)}`)
      taken.push(
        'state' in record && record.state !== undefined
          ? { ...record, state: new Set(record.state) }
          : record,
      )
    }
    if (!options.ack) {
      changes.abandon()
      return read
    }
    this.head = JSON.parse(JSON.stringify(changes.head))
    for (const record of taken) this.apply(record)
    changes.ack()
    return read
  }

  /** The records, with states of their own. */
  copy(): Saved<Users>[] {
    return [...this.records.values()].map((record) =>
      'state' in record && record.state !== undefined ? { ...record, state: new Set(record.state) } : record,
    )
  }

  private apply(record: Saved<Users>): void {
    if (record.kind !== 'forgotten') {
      this.records.set(`${record.kind} ${keyOf(record)}`, record)
      return
    }
    for (const [key, known] of this.records) if (isForgotten(known, record)) this.records.delete(key)
  }
}

function keyOf(record: Saved<Users>): string {
  switch (record.kind) {
    case 'cell':
      return JSON.stringify([record.size, record.start, record.group])
    case 'step':
      return JSON.stringify([record.view, record.start, record.group])
    case 'revision':
      return JSON.stringify([record.view, record.end, record.group])
    case 'forgotten':
      return JSON.stringify([record.what, record.of, record.at])
  }
}

function isForgotten(
  known: Saved<Users>,
  { what, of, at }: Extract<Saved<Users>, { kind: 'forgotten' }>,
): boolean {
  if (known.kind === 'cell') return what === 'window' && known.size === of && known.start === at
  if (known.kind === 'step') return what === 'step' && known.view === of && known.start === at
  return known.kind === 'revision' && what === 'revisions' && known.view === of && known.end === at
}
