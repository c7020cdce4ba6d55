import type { TakeOver } from '@card/kafka-io'
import { expect, test } from 'vitest'
import type { DurableInput } from '../../src/core/durable/inputs.js'
import { WaitingStarts } from '../../src/durable/waiting-starts.js'

function takeOver(generation: number) {
  const controller = new AbortController()
  const taken = { topicId: null, generation, signal: controller.signal, heartbeat: async () => 'accepted' }
  return { taken: taken as TakeOver, abort: () => controller.abort() }
}

function waiting() {
  const posted: DurableInput[] = []
  return { posted, starts: new WaitingStarts((input) => posted.push(input)) }
}

test('an owner is taken over when its generation has been heard of, not before', async () => {
  const { posted, starts } = waiting()
  const position = starts.wait('count/t/0', takeOver(2).taken)
  starts.tell(1)
  expect([posted, starts.owners]).toEqual([[], []])
  starts.tell(2)
  expect(posted).toEqual([{ kind: 'take-over', owner: 'count/t/0', generation: 2 }])
  expect(starts.owners).toEqual(['count/t/0'])
  expect(starts.start('count/t/0', 7)).toBe(true)
  expect(await position).toBe(7)
  expect(starts.start('count/t/0', 7)).toBe(false)
})

test('one that is called off is revoked, also when it has its position and is not read yet', async () => {
  const { posted, starts } = waiting()
  starts.tell(1)
  const [first, second] = [takeOver(1), takeOver(1)]
  const position = starts.wait('a', first.taken)
  void starts.wait('b', second.taken)
  posted.length = 0
  first.abort()
  expect(await position).toBe(null)
  starts.start('b', 3)
  second.abort()
  expect(posted).toEqual([
    { kind: 'revoked', owners: ['a'] },
    { kind: 'revoked', owners: ['b'] },
  ])
})

test('one that is called off before the core was told of it is never told', async () => {
  const { posted, starts } = waiting()
  const { taken, abort } = takeOver(5)
  const position = starts.wait('a', taken)
  abort()
  starts.tell(5)
  expect([posted, await position]).toEqual([[], null])
})
