import type { Conflict, Party } from './conflict.js'
import { crossChecks } from './cross-checks.js'
import { optionTable, readText } from './option-table.js'
import { type Origin, rankOf, sourceOf } from './origin.js'
import type { Settings } from './settings.js'

/** A setting that gave way to one of a higher source, and stands at its default. */
export interface Overridden {
  readonly was: Origin
  /** Of the setting that was taken in its place. */
  readonly by: Origin
}

/**
 * Sets aside what settings of a higher source exclude: first what the highest excludes, so that nothing gives way to a
 * setting that gives way itself; then what only meant something beside a setting that was set aside.
 *
 * @param unread settings whose text could not be read: what they would have meant nobody knows, so they contradict nothing
 * @returns the settings that are left, and the conflicts that no precedence settles
 */
export function overrideRivals(
  found: Settings,
  unread: ReadonlySet<Party>,
): { readonly settings: Settings; readonly conflicts: readonly Conflict[] } {
  for (let settings = found; ; ) {
    const conflicts = crossChecks(settings).filter(({ options }) => !options.some((name) => unread.has(name)))
    const defeat = conflicts
      .map((conflict) => defeatIn(conflict, settings))
      .filter((one) => one !== null)
      .reduce((a: Defeat | null, b) => (a === null || rankOf[b.by.kind] > rankOf[a.by.kind] ? b : a), null)
    if (defeat === null) return { settings, conflicts }
    settings = setAside(settings, defeat)
  }
}

/** The text of a conflict that stays, and what gave way before it. */
export function conflictText({ options, text }: Conflict, { overridden }: Settings): string {
  const reasons = options.map((name) => overridden.get(name)).filter((one) => one !== undefined)
  return reasons.length === 0 ? text : `${text} (${reasons.map(overridingText).join(', ')})`
}

export function overridingText({ was, by }: Overridden): string {
  return `${sourceOf(by)} overrode ${sourceOf(was)}`
}

interface Defeat extends Overridden {
  readonly loser: Party
}

/** The setting of a conflict that gives way, or null: all that could are of its highest source. */
function defeatIn({ options, yielding = [] }: Conflict, settings: Settings): Defeat | null {
  const by = options
    .map((name) => decidedBy(name, settings))
    .reduce((a, b) => (rankOf[b.kind] > rankOf[a.kind] ? b : a))
  let loser: Party | null = null
  for (const name of yielding) {
    const { kind } = decidedBy(name, settings)
    if (kind === 'default' || settings.overridden.has(name) || rankOf[kind] >= rankOf[by.kind]) continue
    if (loser === null || rankOf[kind] < rankOf[decidedBy(loser, settings).kind]) loser = name
  }
  return loser === null ? null : { loser, was: settings.origins.get(loser)!, by }
}

/** Where the say over a setting lies: where its value came from, or what overrode that. */
function decidedBy(name: Party, { overridden, origins }: Settings): Origin {
  return overridden.get(name)?.by ?? origins.get(name)!
}

function setAside(settings: Settings, { loser, was, by }: Defeat): Settings {
  const origins = new Map(settings.origins).set(loser, { kind: 'default', name: 'default' })
  const overridden = new Map(settings.overridden).set(loser, { was, by })
  if (loser === 'files') return { ...settings, origins, overridden, files: [] }
  const text = optionTable[loser].fallback
  return {
    ...settings,
    values: { ...settings.values, [loser]: readText(loser, text) },
    texts: new Map(settings.texts).set(loser, text),
    origins,
    overridden,
  }
}
