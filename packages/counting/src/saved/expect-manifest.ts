import { CountingError, type CountingErrorCode } from '../errors.js'
import type { Manifest, ManifestFields } from './manifest.js'

/** What a saved state must agree with. */
export type Expected = Pick<ManifestFields, 'group' | 'configuration' | 'topics'>

/**
 * Checks that counting can resume from a saved state.
 *
 * @throws CountingError other-group, other-configuration (naming every setting that differs), other-partitions
 */
export function expectManifest(manifest: Manifest, expected: Expected): void {
  const { owner, group, topics } = manifest
  if (group !== expected.group) {
    throw refused(
      'other-group',
      `Expected the state of ${owner} to be of the group ${expected.group}, found ${group}: two deployments cannot share a state, so choose another state name, or use the same group.`,
    )
  }
  const differences = differencesOf(JSON.parse(manifest.configuration), JSON.parse(expected.configuration))
  if (differences.length > 0) {
    throw refused(
      'other-configuration',
      `Expected the state of ${owner} to match the current settings, found differences: ${differences.join('; ')}. Restore those settings, or reset the state.`,
    )
  }
  for (const topic of ['checkpoint', 'partials'] as const) {
    if (topics[topic] === expected.topics[topic]) continue
    throw refused(
      'other-partitions',
      `Expected the ${topic} topic to have the ${topics[topic]} partitions that the state of ${owner} was made with, found ${expected.topics[topic]}: state topics keep their partition count for life, so start a new state under another name.`,
    )
  }
}

function differencesOf(found: Record<string, unknown>, wanted: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])]
  return names
    .filter((name) => JSON.stringify(found[name]) !== JSON.stringify(wanted[name]))
    .map((name) => `${name} was ${shown(found[name])}, is ${shown(wanted[name])}`)
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value)
}

function refused(code: CountingErrorCode, message: string): CountingError {
  return new CountingError(code, message)
}
