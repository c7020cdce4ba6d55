import { flexibleRequest, type WireRequest } from './request.js'

/** Up to where a partition's records go. */
export interface RecordsToDelete {
  readonly partition: number
  /** The first offset to keep. */
  readonly offset: number
}

export interface DeletedRecords {
  readonly partition: number
  readonly errorCode: number
  /** The first offset that there still is; -1 where there is an error. */
  readonly first: number
}

/**
 * Deletes the records before an offset, of partitions that the broker leads. Answer to version 2: throttle i32, topics[]
 * {name, partitions[] {number i32, first offset i64, error i16}}.
 *
 * @param timeout for replicas to follow, ms
 */
export function deleteRecordsRequest(
  topic: string,
  partitions: readonly RecordsToDelete[],
  timeout: number,
): WireRequest<DeletedRecords[]> {
  return flexibleRequest(
    { name: 'DeleteRecords', key: 21, version: 2 },
    (body) => {
      body.compactArray([topic], (name) => {
        body.compactString(name)
        body.compactArray(partitions, ({ partition, offset }) => {
          body.int32(partition).int64(BigInt(offset)).noTaggedFields()
        })
        body.noTaggedFields()
      })
      body.int32(timeout).noTaggedFields()
    },
    (body) => {
      body.int32()
      const topics = body.compactArray(() => {
        body.compactString()
        const found = body.compactArray(() => {
          const partition = body.int32()
          const first = Number(body.int64())
          const deleted = { partition, errorCode: body.int16(), first }
          body.taggedFields()
          return deleted
        })
        body.taggedFields()
        return found
      })
      return topics.flat()
    },
  )
}
