import type { Conflict, Party } from './conflict.js'
import { countingConflicts } from './counting-conflicts.js'
import { optionTable } from './option-table.js'
import type { Settings } from './settings.js'
import { topicConflicts } from './topic-conflicts.js'
import type { WindowSetting } from './windows.js'

/** Every conflict between settings that are each in range. */
export function crossChecks({ values, origins, texts, files }: Settings): Conflict[] {
  const conflicts: Conflict[] = []
  // A file that `config` printed holds every default: only a flag says a default on purpose.
  const given = (name: Party) => {
    const { kind } = origins.get(name)!
    if (name === 'files') return kind !== 'default' && files.length > 0
    return kind === 'flag' || (kind !== 'default' && texts.get(name) !== optionTable[name].fallback)
  }
  conflicts.push(...countingConflicts(values, given))
  if (values['group-by'] === null) {
    for (const name of ['max-groups', 'group-overflow'] as const) {
      if (!given(name)) continue
      conflicts.push({ options: [name, 'group-by'], yielding: [name], text: `--${name} needs --group-by` })
    }
  }
  conflicts.push(...topicConflicts(values, given))
  if (values.timezone === 'UTC') {
    const whole = values.windows.find(isDayOfHours)
    const day = values.windows.find(isCalendarDay)
    if (whole !== undefined && day !== undefined) {
      conflicts.push({
        options: ['windows', 'timezone'],
        text: `--windows: ${whole.name} and ${day.name} are one size in UTC: name it once`,
      })
    }
    const views = values.rolling ?? []
    for (const view of views.filter(({ every }) => isDayOfHours(every))) {
      const same = views.find(({ every, count }) => isCalendarDay(every) && count === view.count)
      if (same === undefined) continue
      conflicts.push({
        options: ['rolling', 'timezone'],
        text: `--rolling: ${view.name} and ${same.name} are one view in UTC: name it once`,
      })
    }
  }
  const sizes = [...values.windows, ...(values.rolling ?? []).map(({ every }) => every)]
  if (given('timezone') && values.times === 'utc' && sizes.every(({ kind }) => kind === 'fixed')) {
    conflicts.push({
      options: ['timezone', 'windows', 'rolling', 'times'],
      yielding: ['timezone'],
      text: '--timezone is of calendar sizes (1d, 1w, 1M, 1q, 1y) and of --times local: add one of them, or leave it out',
    })
  }
  return conflicts
}

function isDayOfHours(window: WindowSetting): boolean {
  return window.kind === 'fixed' && window.milliseconds === 86_400_000
}

function isCalendarDay(window: WindowSetting): boolean {
  return window.kind === 'calendar' && window.unit === 'day'
}
