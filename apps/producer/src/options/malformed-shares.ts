import { BadValue, percentage } from '@card/app-kit'

const percent = percentage(0, 100)

/** The kinds of lines that are not counted, in the order of their outcome codes (1 = too-long, …). */
export const malformedKinds = [
  'too-long',
  'not-json',
  'not-object',
  'missing-time',
  'bad-time',
  'missing-key',
  'bad-key',
  'bad-group',
  'blank',
] as const

export type MalformedKind = (typeof malformedKinds)[number]

/** Percent of the lines by kind; `spread` is shared out evenly over the kinds that `spreadKinds` lists. */
export interface MalformedShares {
  readonly spread: number
  readonly byKind: ReadonlyMap<MalformedKind, number>
}

/** Parses `PERCENT` or `kind=PERCENT,…`. */
export function malformedShares(text: string): MalformedShares {
  if (!text.includes('=')) {
    try {
      return { spread: percent(text), byKind: new Map() }
    } catch {
      throw new BadValue(expected, text)
    }
  }
  const byKind = new Map<MalformedKind, number>()
  for (const item of text.split(',')) {
    const [name, share, ...rest] = item.split('=')
    const kind = malformedKinds.find((known) => known === name)
    if (kind === undefined || share === undefined || rest.length > 0 || byKind.has(kind)) {
      throw new BadValue(expected, text)
    }
    byKind.set(kind, percent(share))
  }
  // Decimal fractions that add up to 100 may exceed it by a rounding error.
  if (sum(byKind.values()) > 100 + 1e-9) throw new BadValue('shares that add up to at most 100', text)
  return { spread: 0, byKind }
}

/** Percent by kind, in the order of `malformedKinds`. */
export function sharesByKind(shares: MalformedShares, grouped: boolean): number[] {
  const spreadKinds = malformedKinds.filter((kind) => isSpread(kind, grouped))
  return malformedKinds.map(
    (kind) => shares.byKind.get(kind) ?? (isSpread(kind, grouped) ? shares.spread / spreadKinds.length : 0),
  )
}

const expected = `a percentage from 0 to 100, or kind=PERCENT,… each kind once, of ${malformedKinds.join(', ')}`

// A line too long is a megabyte: one in a hundred would make most of the stream, so it comes only by name.
function isSpread(kind: MalformedKind, grouped: boolean): boolean {
  return kind !== 'too-long' && (kind !== 'bad-group' || grouped)
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
