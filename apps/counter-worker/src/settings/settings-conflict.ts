import type { Candidate, Conflict } from '@card/app-kit'
import type { optionTable } from './option-table.js'

/** Settings that are each in range, and may still contradict each other. */
export type SettingsCandidate = Candidate<typeof optionTable>
/** A contradiction between settings. */
export type SettingsConflict = Conflict<typeof optionTable>
