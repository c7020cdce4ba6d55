import { GuardModel } from '@card/testing'

/**
 * The contract in plain words: one partition, exact counting, no concern for speed or memory.
 * What the program prints is held against this.
 */
export interface ModelOptions {
  /** Fixed sizes in ms by name, the first the base in which all others nest. */
  readonly sizes: readonly (readonly [name: string, size: number, offset?: number])[]
  /** Further windows by name, in the order in which they come out at one end: all those that hold a time. */
  readonly others?: readonly (readonly [name: string, holding: (time: number) => Span[]])[]
  readonly outOfOrder: number
  readonly lateness: number
  /** Infinity: off. */
  readonly maxAhead: number
  /** Each window has one more row, of all its frames. */
  readonly totals?: boolean
}

/** First ms, and first ms after it. */
export type Span = readonly [start: number, end: number]

export interface ModelFrame {
  readonly key: string
  readonly time: number
  readonly group: string | null
}

export interface ModelResult {
  readonly window: string
  readonly start: number
  readonly group: string | null
  readonly users: number
  readonly events: number
  readonly pane: 'final' | 'corrected'
  readonly revision: number
  readonly total?: true
}

interface Window {
  readonly name: string
  /** Place among the sizes, finer first. */
  readonly order: number
  readonly start: number
  readonly end: number
  readonly group: string | null
  readonly total: boolean
  readonly users: Set<string>
  events: number
  revisions: number
  changed: boolean
}

export function model(frames: readonly ModelFrame[], options: ModelOptions) {
  const { sizes, outOfOrder, lateness } = options
  const maxAhead = Math.max(options.maxAhead, outOfOrder)
  const [, base, baseOffset = 0] = sizes[0]!
  const windows = new Map<string, Window>()
  const results: ModelResult[] = []
  const late: { frame: ModelFrame; action: 'dropped' | 'ahead' }[] = []
  let watermark = Number.NEGATIVE_INFINITY
  /** The watermark when it was last looked at what is due: after all that arrived with it was processed. */
  let published = Number.NEGATIVE_INFINITY
  let counted = 0
  let newest = Number.NEGATIVE_INFINITY

  const startOf = (time: number, size: number, offset = 0) =>
    Math.floor((time - offset) / size) * size + offset
  const tumbling = sizes.map(([name, size, offset]) => {
    const holding = (time: number): Span[] => {
      const start = startOf(time, size, offset)
      return [[start, start + size]]
    }
    return [name, holding] as const
  })
  const kinds = [...tumbling, ...(options.others ?? [])]

  /** @param judge the watermark that says what is late */
  function process(frame: ModelFrame, judge: number) {
    if (startOf(frame.time, base, baseOffset) + base - 1 + lateness <= judge) {
      late.push({ frame, action: 'dropped' })
      return
    }
    counted++
    newest = Math.max(newest, frame.time)
    kinds.forEach(([name, holding], order) => {
      const rows = options.totals === true ? [false, true] : [false]
      for (const [start, end, total] of holding(frame.time).flatMap((span) =>
        rows.map((row) => [...span, row] as const),
      )) {
        const group = total ? null : frame.group
        const id = JSON.stringify([name, start, group, total])
        const window: Window = windows.get(id) ?? {
          name,
          order,
          start,
          end,
          group,
          total,
          users: new Set(),
          events: 0,
          revisions: 0,
          changed: false,
        }
        windows.set(id, window)
        window.users.add(frame.key)
        window.events++
        // A window first seen after its end is no final any more: it comes as a correction.
        if (end - 1 <= published) window.changed = true
      }
    })
  }

  function publish(until: number) {
    // The flush gives the views that end with the last step that holds anything, and none of the steps to come.
    const lasts = kinds.map(([, holding]) => Math.min(...holding(newest).map(([, end]) => end)))
    const due = [...windows.values()].filter(({ end, order }) =>
      until === Number.POSITIVE_INFINITY ? end <= Math.max(published + 1, lasts[order]!) : end - 1 <= until,
    )
    const finals = due.filter((window) => window.revisions === 0 && !window.changed)
    const corrections = due.filter((window) => window.changed)
    for (const [pane, step] of [
      ['final', finals],
      ['corrected', corrections],
    ] as const) {
      for (const window of step.sort(inOrder)) {
        const { name, start, group, users, events, total } = window
        results.push({
          window: name,
          start,
          group,
          users: users.size,
          events,
          pane,
          revision: window.revisions++,
          ...(total && { total }),
        })
        window.changed = false
      }
    }
  }

  function settle() {
    const passes = startOf(watermark + 1, base, baseOffset) > startOf(published + 1, base, baseOffset)
    published = watermark
    if (passes) publish(watermark)
  }

  const watermarkAt = (trusted: number | null) => (trusted ?? Number.NEGATIVE_INFINITY) - outOfOrder - 1
  const guard = new GuardModel(
    { maxAhead, horizon: Math.max(maxAhead, 600_000, 10 * base) },
    {
      count: (index, trusted) => process(frames[index]!, watermarkAt(trusted)),
      ahead: (index) => late.push({ frame: frames[index]!, action: 'ahead' }),
    },
  )
  for (const { key, time } of frames) {
    guard.arrive({ key, t: time })
    // However often the trusted time moves at one arrival, it is one step of the watermark.
    watermark = watermarkAt(guard.trusted)
    settle()
  }
  guard.flush()
  publish(Number.POSITIVE_INFINITY)
  return { results, late, counted }
}

function inOrder(a: Window, b: Window): number {
  return (
    a.end - b.end || a.order - b.order || Number(a.total) - Number(b.total) || compareGroups(a.group, b.group)
  )
}

function compareGroups(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
