/** What a progress line shows. */
export interface ProgressFacts {
  /** How much of the work is done, 0 to 1; null where the whole is unknown. */
  readonly share: number | null
  /** Further figures, the most important first; those that do not fit are omitted. */
  readonly figures: readonly string[]
}

const longestBar = 30
const shortestBar = 8

/** The share, the figures that fit, and a bar in the room that is left. */
export function progressText({ share, figures }: ProgressFacts, columns: number): string {
  let text = share === null ? '' : `${Math.floor(100 * Math.min(share, 1))}%`.padStart(4)
  for (const figure of figures) {
    const longer = text === '' ? figure : `${text}  ${figure}`
    if (longer.length > columns) break
    text = longer
  }
  if (share === null) return text.slice(0, columns)
  const length = Math.min(longestBar, columns - text.length - 1)
  if (length < shortestBar) return text.slice(0, columns)
  const full = Math.round(length * Math.min(share, 1))
  return `${'█'.repeat(full)}${'░'.repeat(length - full)} ${text}`
}
