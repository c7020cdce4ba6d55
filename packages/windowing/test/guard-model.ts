/** A frame as the guard sees it. */
export interface GuardFrame {
  key: number
  t: number
  /** later than its ceiling: held, and no evidence */
  beyond: boolean
}

/** What became of frames. */
export interface GuardFate {
  /** in order of processing, with the trusted time then; null: at the flush */
  processed: [index: number, trusted: number | null][]
  /** in order of leaving */
  ahead: number[]
  /** the trusted time after each frame; null: none yet */
  trusted: (number | null)[]
}

/** The far-future guard, step by step: every list is worked out anew at each frame. */
export function guardModel(input: readonly GuardFrame[], maxAhead: number): GuardFate {
  const fate: GuardFate = { processed: [], ahead: [], trusted: [] }
  const shown = new Set<number>()
  let reference: number | null = null
  let held: number[] = []
  let runFrom = 0
  let newestProcessed = -1
  const process = (index: number) => {
    fate.processed.push([index, reference])
    shown.add(input[index]!.key)
    newestProcessed = Math.max(newestProcessed, index)
  }
  const letGo = () => {
    const limit = reference! + maxAhead
    for (const index of held) if (input[index]!.t <= limit) process(index)
    held = held.filter((index) => input[index]!.t > limit)
  }
  const take = ({ t, beyond }: GuardFrame, index: number) => {
    if (reference !== null && t <= reference + maxAhead && !beyond) {
      reference = Math.max(reference, t)
      process(index)
      runFrom = index + 1
      letGo()
      return
    }
    held.push(index)
    if (held.length > 1024) fate.ahead.push(held.shift()!)
    for (;;) {
      const run = held.filter((i) => i >= runFrom && !input[i]!.beyond).map((i) => input[i]!)
      const keys = new Set(run.map(({ key }) => key)).size
      const few = reference === null ? run.length >= 100 : run.length >= 3 && keys >= shown.size
      if (keys < 3 && !few) return
      const least = Math.min(...run.map((frame) => frame.t))
      const within = run.map((frame) => frame.t).filter((time) => time <= least + maxAhead)
      reference = Math.max(reference ?? least, ...within)
      letGo()
    }
  }
  input.forEach((frame, index) => {
    take(frame, index)
    fate.trusted.push(reference)
  })
  const rest = held.sort((a, b) => input[a]!.t - input[b]!.t || a - b)
  for (const index of rest) {
    if (index > newestProcessed) fate.processed.push([index, null])
    else fate.ahead.push(index)
  }
  return fate
}
