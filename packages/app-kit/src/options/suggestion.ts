/** ` (did you mean "x"?)` for the nearest known name within one or two edits; nothing where none is. */
export function didYouMean(name: string, known: readonly string[]): string {
  const closest = nearest(name, known)
  return closest === null ? '' : ` (did you mean "${closest}"?)`
}

/** The known name that takes the fewest edits, at most two and fewer than it has letters; of equals the first. */
export function nearest(name: string, known: readonly string[]): string | null {
  let closest: string | null = null
  let fewest = 3
  for (const candidate of known) {
    const letters = candidate.replace(/^-+/, '').length
    const edits = distance(candidate, name)
    if (edits < fewest && edits < letters) [closest, fewest] = [candidate, edits]
  }
  return closest
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(changed, last[j]! + 1, row[j - 1]! + 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
