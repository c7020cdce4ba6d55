/** ` (did you mean "x"?)` when one of the known names is one or two edits away. */
export function nearest(name: string, known: readonly string[]): string {
  const close = known.find((candidate) => distance(candidate, name) <= 2)
  return close === undefined ? '' : ` (did you mean "${close}"?)`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
