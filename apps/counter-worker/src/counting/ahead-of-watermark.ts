import type { ResultName } from '@card/results'
import type { Pane, PaneKind } from '@card/windowing'

interface Published {
  readonly end: number
  /** What was published: frames that the guard held may give way to others, so their number alone says too little. */
  content: string
  /** Revisions that were published besides those the engine has counted. */
  extra: number
}

/** What a pane is published as; null: not at all. */
export type Fate = { readonly kind: PaneKind; readonly revision: number } | null

/**
 * Results of a silent stream that were published before the watermark passed the end of their window. When the
 * engine comes to them itself, what is unchanged is not said twice, and what changed is a correction.
 */
export class AheadOfWatermark {
  readonly #published = new Map<string, Published>()

  /** What a pane of the engine with this content is published as; null: it is published already. */
  settle(pane: Pane<unknown>, name: ResultName, content: string): Fate {
    const key = keyOf(name)
    const published = this.#published.get(key)
    if (published === undefined) return pane
    if (pane.last) this.#published.delete(key)
    if (content === published.content) {
      // The engine has counted a revision for what went out as an extra one.
      if (published.extra > 0) published.extra--
      return null
    }
    published.content = content
    return { kind: 'corrected', revision: pane.revision + published.extra }
  }

  /** What a pane is published as before the watermark has passed its end; null: that content is published already. */
  publish(pane: Pane<unknown>, name: ResultName, content: string): Fate {
    const key = keyOf(name)
    const published = this.#published.get(key)
    if (published === undefined) {
      this.#published.set(key, { end: pane.end, content, extra: 1 })
      return pane
    }
    if (content === published.content) return null
    published.content = content
    return { kind: 'corrected', revision: pane.revision + published.extra++ }
  }

  /** Whether this content of a window is the last that was published. */
  has(name: ResultName, content: string): boolean {
    return this.#published.get(keyOf(name))?.content === content
  }

  get size(): number {
    return this.#published.size
  }

  /** Forgets windows of which nothing can follow: those that ended at or before this. */
  forget(until: number): void {
    for (const [key, { end }] of this.#published) if (end <= until) this.#published.delete(key)
  }
}

function keyOf({ window, start, group, total }: ResultName): string {
  return JSON.stringify([window, start, group, total])
}
