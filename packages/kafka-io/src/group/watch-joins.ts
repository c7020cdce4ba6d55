import type { Kafka } from 'kafkajs'
import { interceptRequests } from '../client/hooks.js'
import { withInstanceId } from './instance-id.js'

const joinGroup = 11
const leaveGroup = 13

/** What kafkajs does not tell, or cannot do, of the group that its consumer is in. */
export interface JoinWatch {
  /** Of static membership (KIP-345), which kafkajs does not know; null: none. */
  readonly instanceId: string | null
  /** A static member stays one when it goes, so that nothing moves if it comes back within its session. */
  mayLeave(): boolean
  /** Called with the answer to each JoinGroup: kafkajs's events name no generation. */
  onJoined(generation: number, memberId: string): void
}

/** Watches what consumers of this one Kafka object say to their group. */
export function watchJoins(kafka: Kafka, { instanceId, mayLeave, onJoined }: JoinWatch): void {
  interceptRequests(kafka, async (request, send) => {
    const { apiKey } = request.request
    if (apiKey === leaveGroup && !mayLeave()) return stayed
    const answer = await send(instanceId === null ? request : withInstanceId(request, instanceId))
    if (apiKey === joinGroup) {
      const { generationId, memberId } = answer as { generationId: number; memberId: string }
      onJoined(generationId, memberId)
    }
    return answer
  })
}

/** What a consumer that leaves is told where nothing is sent. */
const stayed = { throttleTime: 0, errorCode: 0 }
