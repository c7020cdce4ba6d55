import { quantity, withCommas } from '@card/app-kit'
import { printable } from '../advice/printable.js'
import type { Explanation } from './explain.js'

/** Members that are shown. */
const membersShown = 40

/** An explanation as a person reads it. */
export function explanationText(found: Explanation): string {
  const { sources, lines, counted, remedy, members, flags, countedWithFlags, disorder, memory } = found
  const out = [`looked at ${quantity(lines, 'line')} of ${sources.map(sourceText).join(', ')}`]
  if (remedy !== null) out.push(remedy)
  out.push(...found.warnings)
  out.push(`with the current settings, ${wouldCount(`${withCommas(counted)} of them`, found.late)}`)
  if (members.length > 0) out.push('', 'members:')
  const width = Math.min(32, Math.max(0, ...members.map(({ path }) => path.length)))
  for (const { path, types, frames, distinct, examples } of members.slice(0, membersShown)) {
    const share = frames === lines ? '' : `, in ${Math.floor((100 * frames) / lines)} %`
    const values =
      examples.length === 0 ? '' : `, ${withCommas(distinct)} distinct, such as ${examples.join(' ')}`
    out.push(`  ${printable(path, 60).padEnd(width)}  ${Object.keys(types).join(' or ')}${share}${values}`)
  }
  if (members.length > membersShown)
    out.push(`  and ${members.length - membersShown} more (--json lists all)`)
  out.push('')
  if (found.likelyKeys.length > 0) out.push(`likely keys: ${names(found.likelyKeys)}`)
  if (found.likelyTimes.length > 0) out.push(`likely times: ${names(found.likelyTimes)}`)
  if (found.from !== null) out.push(`event times from ${found.from} to ${found.to}`)
  if (disorder !== null) {
    const { p50, p90, p99, p999, greatest, behind } = disorder
    out.push(
      `how far frames lag behind the latest one before them: median ${time(p50)}, 90 % ${time(p90)}, 99 % ${time(p99)}, 99.9 % ${time(p999)}, at most ${time(greatest)}`,
      `--out-of-order ${found.outOfOrder} covers 99.9 %`,
    )
    out.push(
      ...leftOut(found.ahead, 'far ahead of the frames that follow'),
      ...leftOut(behind, 'more than a day behind'),
    )
  }
  if (found.distinctKeys !== null) out.push(`distinct keys: ${withCommas(found.distinctKeys)}`)
  if (memory !== null) {
    const most = memory.most === null ? 'growing with the keys' : `at most ${bytes(memory.most)}`
    out.push(`memory: about ${bytes(memory.window)} per open window and group with that many keys, ${most}`)
  }
  if (flags === null) {
    // The remedy at the top is the answer where there is one.
    if (remedy === null) out.push('no settings would count these lines')
  } else if (flags.length === 0) out.push('the settings fit')
  else {
    const counts = wouldCount(`${withCommas(countedWithFlags)} of ${withCommas(lines)}`, found.lateWithFlags)
    out.push(`try ${flags.join(' ')}: ${counts}`)
  }
  return `${out.join('\n')}\n`
}

function wouldCount(counted: string, late: number): string {
  return `${counted} would count${late === 0 ? '' : ` and ${withCommas(late)} would be late`}`
}

function leftOut(frames: number, why: string): string[] {
  return frames === 0 ? [] : [`${quantity(frames, 'frame')} ${why}: left out of these figures`]
}

function names(paths: readonly string[]): string {
  return paths.map((path) => printable(path, 60)).join(', ')
}

function sourceText({ name, compression }: Explanation['sources'][number]): string {
  return printable(name, 80) + (compression === null ? '' : ` (${compression})`)
}

function time(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`
  if (milliseconds < 120_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return milliseconds < 7_200_000
    ? `${Math.round(milliseconds / 60_000)} min`
    : `${(milliseconds / 3_600_000).toFixed(1)} h`
}

function bytes(count: number): string {
  return count < 10_000
    ? `${count} bytes`
    : count < 10_000_000
      ? `${Math.round(count / 1024)} KiB`
      : `${Math.round(count / 1024 / 1024)} MiB`
}
