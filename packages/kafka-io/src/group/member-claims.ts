import { WireReader } from '../protocol/wire-reader.js'
import { WireWriter } from '../protocol/wire-writer.js'
import type { Claim } from './sticky-assignment.js'

const format = 1

/**
 * The user data of a member's subscription: format i8, topics[] {name, claims[] {partition, generation}}; arrays and
 * names in Kafka's compact encoding, numbers as unsigned varints.
 */
export function encodeClaims(claims: readonly Claim[]): Buffer {
  const byTopic = new Map<string, Claim[]>()
  for (const claim of claims) byTopic.set(claim.topic, [...(byTopic.get(claim.topic) ?? []), claim])
  const data = new WireWriter().int8(format)
  data.compactArray([...byTopic], ([topic, held]) => {
    data.compactString(topic).compactArray(held, ({ partition, generation }) => {
      data.unsignedVarint(partition).unsignedVarint(generation)
    })
  })
  return data.bytes
}

/** The claims in a member's user data; none where it is of another format, damaged or foreign: such a member is a newcomer. */
export function decodeClaims(userData: Buffer): Claim[] {
  try {
    const data = new WireReader(userData)
    if (data.int8() !== format) return []
    return data
      .compactArray(() => {
        const topic = data.compactString() ?? ''
        return data.compactArray(() => {
          const partition = data.unsignedVarint()
          return { topic, partition, generation: data.unsignedVarint() }
        })
      })
      .flat()
  } catch {
    return []
  }
}
