import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type KafkaPort, kafkaErrors } from './kafka-port.js'
import { Owner, settled } from './owner.js'

const { none, invalidProducerEpoch, invalidTransactionState, outOfOrderSequence } = kafkaErrors

/** What Kafka does with a transaction, and with requests that come twice. */
export function transactionContract(port: () => KafkaPort): void {
  const newId = () => `id-${randomUUID()}`
  const newPartition = async () => ({ topic: await port().createTopic(), partition: 0 })

  describe('a transaction', () => {
    test('is there as a whole, in every partition, or not at all', async () => {
      const topic = await port().createTopic({ partitions: 2 })
      const both = [0, 1].map((partition) => ({ topic, partition }))
      const owner = await Owner.fence(port(), newId())
      for (const at of both) await owner.write(at, 'aborted')
      await owner.abort()
      for (const at of both) await owner.write(at, 'committed')
      for (const at of both) expect(await port().readCommitted(at)).toEqual([])
      await owner.commit()
      for (const at of both) await expect.poll(() => port().readCommitted(at)).toEqual(['committed'])
    })

    test('that is open upstream holds committed reading up, but not what is settled behind it', async () => {
      const at = await newPartition()
      const [upstream, owner] = [await Owner.fence(port(), newId()), await Owner.fence(port(), newId())]
      await owner.write(at, 'before')
      await owner.commit()
      await expect.poll(() => port().offsets(at)).toEqual({ first: 0, lastStable: 2, end: 2 })
      await upstream.write(at, 'open')
      await owner.write(at, 'behind')
      await owner.commit()
      await expect.poll(() => port().readSettled(at)).toEqual(['before', 'behind'])
      expect(await port().readCommitted(at)).toEqual(['before'])
      // Two records with their markers, one without.
      await expect.poll(() => port().offsets(at)).toEqual({ first: 0, lastStable: 2, end: 5 })
      await upstream.commit()
      await expect.poll(() => port().readCommitted(at)).toEqual(['before', 'open', 'behind'])
    })

    test('of nothing is aborted without an error only where each has an epoch of its own', async () => {
      const owner = await Owner.fence(port(), newId())
      const expected = port().transactionVersion === 2 ? none : invalidTransactionState
      expect((await owner.abort()).errorCode).toBe(expected)
    })

    test('of nothing is not committed, after a fencing', async () => {
      const owner = await Owner.fence(port(), newId())
      expect((await owner.commit()).errorCode).toBe(invalidTransactionState)
    })

    test('of nothing after another is not committed where each has an epoch of its own', async () => {
      const at = await newPartition()
      const owner = await Owner.fence(port(), newId())
      await owner.write(at, 'a')
      await owner.commit()
      const expected = port().transactionVersion === 2 ? invalidTransactionState : none
      expect((await owner.commit()).errorCode).toBe(expected)
    })

    test('that was committed cannot be aborted', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'a')
      const { identity } = owner
      await owner.commit()
      const { errorCode } = await settled(() => port().end(id, identity, 'abort'))
      expect(errorCode).toBe(invalidTransactionState)
      await expect.poll(() => port().readCommitted(at)).toEqual(['a'])
    })
  })

  describe('a request that comes twice', () => {
    test.each(['commit', 'abort'] as const)(
      '%ss once: the repetition is answered as the first',
      async (how) => {
        const [at, id] = [await newPartition(), newId()]
        const owner = await Owner.fence(port(), id)
        await owner.write(at, 'a')
        const [first, second] = [
          await settled(() => port().end(id, owner.identity, how)),
          await settled(() => port().end(id, owner.identity, how)),
        ]
        expect(first.errorCode).toBe(none)
        expect(second).toEqual(first)
        await expect.poll(() => port().readSettled(at)).toEqual(how === 'commit' ? ['a'] : [])
        await expect.poll(() => port().offsets(at)).toEqual({ first: 0, lastStable: 2, end: 2 })
      },
    )

    test('because its answer was lost commits once, and the next transaction goes on', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'a')
      port().loseNextAnswer('end')
      await expect(owner.commit()).rejects.toThrow()
      expect((await owner.commit()).errorCode).toBe(none)
      expect((await owner.write(at, 'b')).errorCode).toBe(none)
      expect((await owner.commit()).errorCode).toBe(none)
      await expect.poll(() => port().readCommitted(at)).toEqual(['a', 'b'])
    })

    test('because its answer was lost writes once', async () => {
      const at = await newPartition()
      const owner = await Owner.fence(port(), newId())
      await owner.write(at, 'a')
      port().loseNextAnswer('write')
      await expect(owner.write(at, 'b')).rejects.toThrow()
      expect(await owner.write(at, 'b')).toMatchObject({ errorCode: none, offset: 1 })
      await owner.write(at, 'c')
      await owner.commit()
      await expect.poll(() => port().readCommitted(at)).toEqual(['a', 'b', 'c'])
    })

    test('because its answer was lost fences again', async () => {
      const [at, id] = [await newPartition(), newId()]
      const old = await Owner.fence(port(), id)
      port().loseNextAnswer('fence')
      await expect(Owner.fence(port(), id)).rejects.toThrow()
      const heir = await Owner.fence(port(), id)
      expect(heir.identity.epoch).toBeGreaterThan(old.identity.epoch)
      expect((await heir.write(at, 'a')).errorCode).toBe(none)
      expect((await heir.commit()).errorCode).toBe(none)
    })
  })

  describe('a sequence number', () => {
    test('that was used is answered as before, and new content under it is dropped', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      const first = await owner.write(at, 'first')
      const again = await settled(() =>
        port().write(id, owner.identity, { ...at, sequence: 0, value: 'other content' }),
      )
      expect(again).toEqual(first)
      await owner.commit()
      await expect.poll(() => port().readCommitted(at)).toEqual(['first'])
    })

    test('that leaves a gap is refused', async () => {
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'a')
      const { errorCode } = await port().write(id, owner.identity, { ...at, sequence: 5, value: 'b' })
      expect(errorCode).toBe(outOfOrderSequence)
    })

    test('of a transaction that is over is refused where each has an epoch of its own', async ({ skip }) => {
      skip(port().transactionVersion === 1, 'before KIP-890 a delayed write joins the next transaction')
      const [at, id] = [await newPartition(), newId()]
      const owner = await Owner.fence(port(), id)
      await owner.write(at, 'a')
      const { identity } = owner
      await owner.commit()
      // The commit is answered before its marker is written. Until then the next number in sequence still joins the transaction.
      await expect.poll(() => port().offsets(at)).toEqual({ first: 0, lastStable: 2, end: 2 })
      const late = await settled(() => port().write(id, identity, { ...at, sequence: 1, value: 'late' }))
      expect([outOfOrderSequence, invalidProducerEpoch]).toContain(late.errorCode)
      await expect.poll(() => port().readCommitted(at)).toEqual(['a'])
    })
  })
}
