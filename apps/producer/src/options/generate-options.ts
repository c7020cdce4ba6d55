import { generateRows, mostFrames } from './generate-rows.js'
import { malformedKinds, sharesByKind } from './malformed-shares.js'
import { type Parsed, type RawOptions, readRows } from './read-rows.js'
import { connectionRows, sendingRows } from './topic-rows.js'
import { givenFlags, type TopicTarget, topicTarget } from './topic-target.js'

type Rows = typeof generateRows
type Own = Exclude<keyof Rows, keyof typeof connectionRows | keyof typeof sendingRows>

/** What `generate` is asked for. Times in Unix seconds, sizes in bytes, probabilities in percent. */
export interface GenerateOptions
  extends Omit<Pick<Parsed<Rows>, Own>, 'frames' | 'seconds' | 'malformed' | 'topic'> {
  readonly frames: number
  /** Percent by kind, in the order of `malformedKinds`. */
  readonly malformed: readonly number[]
  /** Where the frames are sent to; null: to a file or stdout. */
  readonly target: TopicTarget | null
}

export type RawGenerateOptions = RawOptions<Rows>

const defaultFrames = 100_000
// A filler member may overshoot the least length by this much, and a group adds its own.
const lineSlack = 512

/**
 * Turns flags into options.
 *
 * @param extra problems found before, listed first
 * @throws ProducerError `usage`: one line per problem, all of them at once
 */
export function readGenerateOptions(raw: RawGenerateOptions, extra: readonly string[] = []): GenerateOptions {
  return readRows(generateRows, raw, extra, (parsed, problems) => combine(parsed, raw, problems))
}

/** Checks what only several flags together can break. */
function combine(parsed: Parsed<Rows>, raw: RawGenerateOptions, problems: string[]): GenerateOptions {
  const { frames, seconds, malformed, topic, brokers, kafkaConfig, ...sending } = parsed
  const { partitions, partitionBy, profile, compression, batchSize, linger, acks, ...rest } = sending
  const target = topicTarget(parsed, problems)
  if (target === null) {
    for (const flag of givenFlags(raw, [...Object.keys(connectionRows), ...Object.keys(sendingRows)])) {
      problems.push(`${flag}: expected together with --topic, found without`)
    }
  }
  const lacking = [
    {
      names: ['groupField', 'groupSkew', 'groupless'],
      expected: '--groups above 0',
      lacks: rest.groups === 0,
    },
    { names: ['lateMax'], expected: '--late-probability above 0', lacks: rest.lateProbability === 0 },
    { names: ['truthWindows'], expected: '--truth', lacks: rest.truth === undefined },
  ]
  for (const { names, expected, lacks } of lacking) {
    for (const flag of lacks ? givenFlags(raw, names) : []) {
      problems.push(`${flag}: expected together with ${expected}, found without`)
    }
  }
  if (topic !== undefined && rest.out !== undefined) {
    problems.push('--topic and --out: expected one of them, found both')
  }
  if (topic !== undefined && rest.crlf) {
    problems.push(
      '--crlf: expected with lines in a file or on stdout, found --topic, where records have no endings',
    )
  }
  if (frames !== undefined && seconds !== undefined) {
    problems.push('--frames and --seconds: expected one of them, found both')
  }
  if (rest.lineLength + lineSlack > rest.maxLine) {
    problems.push(
      `--line-length: expected at most ${rest.maxLine - lineSlack} (${lineSlack} below --max-line), found ${rest.lineLength}`,
    )
  }
  const shares = sharesByKind(malformed, rest.groups > 0)
  if (rest.groups === 0 && shares[malformedKinds.indexOf('bad-group')]! > 0) {
    problems.push('--malformed: expected --groups with the kind bad-group, found no groups')
  }
  const count = frames ?? (seconds === undefined ? defaultFrames : Math.round(seconds * rest.rate))
  if (count > mostFrames) {
    problems.push(`--seconds and --rate: expected at most ${mostFrames} frames together, found ${count}`)
  }
  if (count / rest.rate > 1e9) {
    problems.push('--frames and --rate: expected at most 1000000000 event seconds together, found more')
  }
  return { ...rest, frames: count, malformed: shares, target }
}
