import type { Candidate, Conflict } from '@card/app-kit'
import { frameCount } from './frame-count.js'
import { type generateTable, mostFrames } from './generate-table.js'
import { malformedKinds, sharesByKind } from './malformed-shares.js'
import { missingBrokers } from './topic-conflicts.js'
import { connectionOptions, sendingOptions } from './topic-options.js'

type Table = typeof generateTable
type Name = keyof Table

const ofTopics = [...Object.keys(connectionOptions), ...Object.keys(sendingOptions)] as Name[]

// A filler member may overshoot the least length by this much, and a group adds its own.
const lineSlack = 512

const mostEventSeconds = 1e9

/** Options that contradict each other, or that others leave nothing to do. */
export function generateConflicts(candidate: Candidate<Table>): Conflict<Table>[] {
  const { values, named } = candidate
  const conflicts: Conflict<Table>[] = [...lacking(candidate), ...outputs(candidate)]
  if (values.frames !== null && values.seconds !== null) {
    conflicts.push({
      options: ['frames', 'seconds'],
      text: `${named('frames')} and ${named('seconds')} both say how many frames: give one of them`,
    })
  }
  if (values.lineLength + lineSlack > values.maxLine) {
    conflicts.push({
      options: ['lineLength', 'maxLine'],
      text: `${named('lineLength')}: expected at most ${values.maxLine - lineSlack} bytes, ${lineSlack} below ${named('maxLine')}`,
    })
  }
  const shares = sharesByKind(values.malformed, values.groups > 0)
  if (values.groups === 0 && shares[malformedKinds.indexOf('bad-group')]! > 0) {
    conflicts.push({
      options: ['malformed', 'groups'],
      text: `${named('malformed')} asks for bad-group, which needs --groups above 0`,
    })
  }
  const frames = frameCount(values)
  if (frames > mostFrames) {
    conflicts.push({
      options: ['seconds', 'rate'],
      text: `${named('seconds')} and ${named('rate')} ask for ${frames} frames, expected at most ${mostFrames}`,
    })
  }
  if (frames / values.rate > mostEventSeconds) {
    conflicts.push({
      options: ['frames', 'rate'],
      text: `${named('frames')} and ${named('rate')} last ${frames / values.rate} event seconds, expected at most ${mostEventSeconds}`,
    })
  }
  return conflicts
}

/** Options that mean nothing without another one. */
function lacking({ values, given, named }: Candidate<Table>): Conflict<Table>[] {
  const needs: { names: Name[]; other: Name; needed: string; lacks: boolean }[] = [
    {
      names: ['groupField', 'groupSkew', 'groupless'],
      other: 'groups',
      needed: '--groups above 0',
      lacks: values.groups === 0,
    },
    {
      names: ['lateMax'],
      other: 'lateProbability',
      needed: '--late-probability above 0',
      lacks: values.lateProbability === 0,
    },
    { names: ['truthWindows'], other: 'truth', needed: '--truth', lacks: values.truth === null },
    { names: ofTopics, other: 'topic', needed: '--topic', lacks: values.topic === null },
  ]
  return needs
    .filter(({ lacks }) => lacks)
    .flatMap(({ names, other, needed }) =>
      names.filter(given).map((name) => ({ options: [name, other], text: `${named(name)} needs ${needed}` })),
    )
}

function outputs({ values, named }: Candidate<Table>): Conflict<Table>[] {
  if (values.topic === null) return []
  const conflicts: Conflict<Table>[] = missingBrokers(values)
  if (values.out !== null) {
    conflicts.push({
      options: ['topic', 'out'],
      text: `${named('topic')} and ${named('out')} both take the frames: give one of them`,
    })
  }
  if (values.crlf) {
    conflicts.push({
      options: ['crlf', 'topic'],
      text: `${named('crlf')} ends lines, but records in ${named('topic')} have no line endings: remove it`,
    })
  }
  return conflicts
}
