import { checkArgument } from '../arguments/check-options.js'
import { isObject, listOf, type Rule } from '../arguments/rules.js'
import { keyOfPartition, type TopicPartition } from '../topic-partition.js'

/** A partition that a member holds, and the generation of the group in which it acquired it. */
export interface Claim extends TopicPartition {
  readonly generation: number
}

/** A member of a group, as it describes itself when it joins. */
export interface StickyMember {
  readonly memberId: string
  /** The topics it subscribes to. */
  readonly topics: readonly string[]
  /** What it held until now; the claims of a member that was away are older than those of whoever took over. */
  readonly claims: readonly Claim[]
}

/**
 * Shares partitions out among the members of a group so that as few as possible move.
 *
 * - Every partition with subscribers goes to exactly one of them.
 * - Balanced: no member has two partitions more than another that could take one of them, so with equal subscriptions
 *   all counts are within one of each other. Where the total leaves a choice, each topic is balanced by itself too.
 * - Sticky: the claim of the highest generation wins a partition. A member keeps what it has won while that is balanced;
 *   with equal subscriptions nothing moves between members that stay. One with too many gives back the newest first.
 * - Deterministic: the order of members, topics and claims does not matter.
 *
 * @param partitionCounts how many partitions each topic has; claims beyond them, and unknown topics, are ignored
 * @returns the partitions of each member by its id, ordered by topic and number; empty for those that get none
 * @throws KafkaIoError bad-settings
 */
export function assignSticky(
  partitionCounts: ReadonlyMap<string, number>,
  members: readonly StickyMember[],
): Map<string, TopicPartition[]> {
  checkArgument('assignSticky', 'partitionCounts', partitionCounts, counts)
  checkArgument('assignSticky', 'members', members, listOf(member))
  const shares = members
    .map((member) => new Share(member))
    .sort((a, b) => compareText(a.memberId, b.memberId))
  const topics = [...partitionCounts.keys()].sort(compareText)
  const claimed = winningClaims(partitionCounts, shares)
  for (const { share, claim } of claimed.values()) share.add(claim)
  for (const topic of topics) {
    const subscribers = shares.filter((share) => share.subscribes(topic))
    if (subscribers.length === 0) continue
    for (let partition = 0; partition < partitionCounts.get(topic)!; partition++) {
      if (claimed.has(keyOfPartition({ topic, partition }))) continue
      leastLoaded(subscribers, topic).add({ topic, partition, generation: Number.POSITIVE_INFINITY })
    }
  }
  while (moveOne(shares)) {}
  return new Map(shares.map((share) => [share.memberId, share.partitions]))
}

const counts: Rule = {
  expected: 'a Map of topics to numbers of partitions',
  accepts: (value) => value instanceof Map,
}
const member: Rule = {
  expected: 'an object { memberId, topics, claims }',
  accepts: (value) =>
    isObject(value) &&
    typeof value.memberId === 'string' &&
    Array.isArray(value.topics) &&
    Array.isArray(value.claims),
}

/** What one member gets. */
class Share {
  readonly memberId: string
  readonly claims: readonly Claim[]
  readonly #topics: ReadonlySet<string>
  /** By topic. */
  readonly #held = new Map<string, Claim[]>()
  count = 0

  constructor({ memberId, topics, claims }: StickyMember) {
    this.memberId = memberId
    this.claims = claims
    this.#topics = new Set(topics)
  }

  subscribes(topic: string): boolean {
    return this.#topics.has(topic)
  }

  countOf(topic: string): number {
    return this.#held.get(topic)?.length ?? 0
  }

  add(claim: Claim): void {
    const held = this.#held.get(claim.topic)
    if (held === undefined) this.#held.set(claim.topic, [claim])
    else held.push(claim)
    this.count++
  }

  remove(claim: Claim): void {
    const held = this.#held.get(claim.topic)!
    held.splice(held.indexOf(claim), 1)
    this.count--
  }

  /** What to give to another member: the newest, then of the topic that it has fewest of in comparison; undefined for nothing. */
  bestFor(other: Share): Claim | undefined {
    let best: Claim | undefined
    let bestExcess = 0
    for (const [topic, held] of this.#held) {
      if (!other.subscribes(topic)) continue
      const excess = held.length - other.countOf(topic)
      for (const claim of held) {
        if (best !== undefined && compareForMoving(claim, excess, best, bestExcess) >= 0) continue
        best = claim
        bestExcess = excess
      }
    }
    return best
  }

  get partitions(): TopicPartition[] {
    return [...this.#held.values()]
      .flat()
      .map(({ topic, partition }) => ({ topic, partition }))
      .sort((a, b) => compareText(a.topic, b.topic) || a.partition - b.partition)
  }
}

interface WonClaim {
  share: Share
  claim: Claim
}

/** Who has won each claimed partition. Of equal generations the member with the lesser id wins, as it is looked at first. */
function winningClaims(
  partitionCounts: ReadonlyMap<string, number>,
  shares: readonly Share[],
): Map<string, WonClaim> {
  const won = new Map<string, WonClaim>()
  for (const share of shares) {
    for (const claim of share.claims) {
      const exists = claim.partition >= 0 && claim.partition < (partitionCounts.get(claim.topic) ?? 0)
      if (!exists || !share.subscribes(claim.topic)) continue
      const key = keyOfPartition(claim)
      const best = won.get(key)
      if (best === undefined || claim.generation > best.claim.generation) won.set(key, { share, claim })
    }
  }
  return won
}

/** Of the members with the fewest partitions the one with the fewest of this topic. */
function leastLoaded(subscribers: readonly Share[], topic: string): Share {
  return subscribers.reduce((least, share) => {
    const difference = share.count - least.count || share.countOf(topic) - least.countOf(topic)
    return difference < 0 ? share : least
  })
}

/** Moves one partition to a member that has at least two fewer. @returns false when there is none to move */
function moveOne(shares: readonly Share[]): boolean {
  // Stable, so of equal counts the lesser id comes first either way.
  const byCount = [...shares].sort((a, b) => a.count - b.count)
  for (const from of byCount.toReversed()) {
    for (const to of byCount) {
      if (from.count - to.count < 2) break
      const claim = from.bestFor(to)
      if (claim === undefined) continue
      from.remove(claim)
      to.add(claim)
      return true
    }
  }
  return false
}

/** Negative where `a` is to move before `b`. */
function compareForMoving(a: Claim, excessOfA: number, b: Claim, excessOfB: number): number {
  return (
    compareNumbers(b.generation, a.generation) ||
    excessOfB - excessOfA ||
    compareText(a.topic, b.topic) ||
    b.partition - a.partition
  )
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** By code units: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
