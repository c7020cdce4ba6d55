import { expect, test } from 'vitest'
import { BlockTickets, ticketCells } from '../../src/threads/block-tickets.js'

test('blocks are claimed in the order in which they were offered, each once', () => {
  const cells = ticketCells(4)
  const [owner, other] = [new BlockTickets(cells), new BlockTickets(cells)]
  expect(owner.claim()).toBe(-1)
  for (const block of [0, 1, 2]) owner.offer(block)
  expect([other.claim(), owner.claim(), other.claimNext(), owner.claim()]).toEqual([0, 1, 2, -1])
})

test('a block is scanned when whoever claimed it says so, until it is offered again', () => {
  const tickets = new BlockTickets(ticketCells(2))
  tickets.offer(0)
  expect([tickets.isScanned(0), tickets.waitFor(0, 1)]).toEqual([false, false])
  tickets.finish(tickets.claim())
  expect([tickets.isScanned(0), tickets.waitFor(0, 1)]).toEqual([true, true])
  tickets.offer(1)
  tickets.finish(tickets.claim())
  tickets.offer(0)
  expect([tickets.isScanned(0), tickets.isScanned(1)]).toEqual([false, true])
})

test('numbers that wrap around still name the right block', () => {
  const cells = ticketCells(4)
  // Both counters shortly before the greatest number of 32 bits.
  cells.fill(2 ** 31 - 2, 0, 2)
  const tickets = new BlockTickets(cells)
  const first = (2 ** 31 - 2) % 4
  const claimed: number[] = []
  for (let i = 0; i < 8; i++) {
    tickets.offer((first + i) % 4)
    claimed.push(tickets.claim())
  }
  expect(claimed).toEqual([2, 3, 0, 1, 2, 3, 0, 1])
})
