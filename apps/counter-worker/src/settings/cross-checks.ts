import { countingConflicts } from './counting-conflicts.js'
import type { SettingsCandidate, SettingsConflict } from './settings-conflict.js'
import { topicConflicts } from './topic-conflicts.js'
import type { WindowSetting } from './windows.js'

/** Every conflict between settings that are each in range. */
export function crossChecks(candidate: SettingsCandidate): SettingsConflict[] {
  const { values, given, named } = candidate
  const conflicts: SettingsConflict[] = []
  conflicts.push(...countingConflicts(candidate))
  if (values['group-by'] === null) {
    for (const name of ['max-groups', 'group-overflow'] as const) {
      if (!given(name)) continue
      conflicts.push({ options: [name, 'group-by'], text: `${named(name)} needs --group-by` })
    }
  }
  if (values.format === 'table' && values.sketches && values['out-topic'] === null) {
    conflicts.push({
      options: ['sketches', 'format'],
      text: `${named('sketches')} does not fit ${named('format')}: use --format ndjson or csv`,
    })
  }
  conflicts.push(...topicConflicts(candidate))
  if (values.timezone === 'UTC') {
    const whole = values.windows.find(isDayOfHours)
    const day = values.windows.find(isCalendarDay)
    if (whole !== undefined && day !== undefined) {
      conflicts.push({
        options: ['windows', 'timezone'],
        text: `${named('windows')}: ${whole.name} and ${day.name} are the same size in UTC: name it once`,
      })
    }
    const views = values.rolling ?? []
    for (const view of views.filter(({ every }) => isDayOfHours(every))) {
      const same = views.find(({ every, count }) => isCalendarDay(every) && count === view.count)
      if (same === undefined) continue
      conflicts.push({
        options: ['rolling', 'timezone'],
        text: `${named('rolling')}: ${view.name} and ${same.name} are the same view in UTC: name it once`,
      })
    }
  }
  const sizes = [...values.windows, ...(values.rolling ?? []).map(({ every }) => every)]
  if (given('timezone') && values.times === 'utc' && sizes.every(({ kind }) => kind === 'fixed')) {
    conflicts.push({
      options: ['timezone', 'windows', 'rolling', 'times'],
      text: `${named('timezone')} applies only to calendar sizes (1d, 1w, 1M, 1q, 1y) and to --times local, found ${named('windows')}: use one of these, or remove it`,
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
