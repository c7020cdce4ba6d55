import { flexibleRequest, type WireRequest } from '../../src/protocol/request.js'
import type { Answer, GroupPlace } from './kafka-port.js'

/** JoinGroup, version 6. A new member is told its id with error 79 (MEMBER_ID_REQUIRED), and asks again. */
export function joinGroup(
  group: string,
  sessionTimeout: number,
  memberId: string,
): WireRequest<GroupPlace & Answer & { leader: boolean }> {
  const rebalanceTimeout = 10_000
  return flexibleRequest(
    { name: 'JoinGroup', key: 11, version: 6 },
    (body) => {
      body.compactString(group).int32(sessionTimeout).int32(rebalanceTimeout)
      body.compactString(memberId).compactString(null).compactString('consumer')
      body.compactArray(['contract'], (name) => {
        body.compactString(name).compactBytes(new Uint8Array()).noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      body.int32()
      const errorCode = body.int16()
      const generation = body.int32()
      body.compactString()
      const leader = body.compactString()
      const memberId = body.compactString() ?? ''
      return { errorCode, group, generation, memberId, leader: leader === memberId }
    },
  )
}

/** SyncGroup, version 4. The leader hands everything to itself: what is assigned is not looked at. */
export function syncGroup({ group, generation, memberId }: GroupPlace, leader: boolean): WireRequest<Answer> {
  return flexibleRequest(
    { name: 'SyncGroup', key: 14, version: 4 },
    (body) => {
      body.compactString(group).int32(generation).compactString(memberId).compactString(null)
      body.compactArray(leader ? [memberId] : [], (id) => {
        body.compactString(id).compactBytes(Buffer.from('everything')).noTaggedFields()
      })
      body.noTaggedFields()
    },
    (body) => {
      body.int32()
      return { errorCode: body.int16() }
    },
  )
}
