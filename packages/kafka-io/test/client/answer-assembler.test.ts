import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerAssembler } from '../../src/client/answer-assembler.js'
import { AnswerBuffers } from '../../src/client/answer-buffers.js'

const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(70_000), fc.integer({ min: 60_000, max: 300_000 })), {
  maxLength: 12,
})
const reads = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 20,
})

test('answers of any length come out whole and in order, however a socket reads them', () => {
  fc.assert(
    fc.property(lengths, reads, (list, sizes) => {
      const buffers = new AnswerBuffers(1_000_000)
      const answers = list.map(answerOf)
      const stream = Buffer.concat(answers)
      const found: Buffer[] = []
      const assembler = new AnswerAssembler(buffers, (answer) => {
        found.push(Buffer.from(answer))
        // As a reader does that is done with it at once: the next answer may be read to the same bytes.
        buffers.giveBack(answer)
      })
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const { space } = assembler
        const part = stream.subarray(at, at + Math.min(space.length, sizes[turn % sizes.length]!))
        space.set(part)
        assembler.take(part.length)
        at += part.length
      }
      expect(found.map(({ length }) => length)).toEqual(answers.map(({ length }) => length))
      expect(Buffer.concat(found).equals(stream)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test.each([-1, 2 ** 31 - 1])('what says it has %i bytes is not the response of a broker', (length) => {
  const assembler = new AnswerAssembler(new AnswerBuffers(0), () => {})
  const answer = Buffer.alloc(8)
  answer.writeInt32BE(length)
  assembler.space.set(answer)
  expect(() => assembler.take(8)).toThrow(/Expected the response of a Kafka broker, found one of -?\d+ bytes/)
})

describe('buffers of answers', () => {
  test('are used again once given back, and never by two at a time', () => {
    const buffers = new AnswerBuffers(1_000_000)
    const one = buffers.take(300_000)
    const other = buffers.take(300_000)
    expect(one.buffer).not.toBe(other.buffer)
    buffers.giveBack(one.subarray(8))
    buffers.giveBack(one)
    expect(buffers.take(200_000).buffer).toBe(one.buffer)
    expect(buffers.take(200_000).buffer).not.toBe(one.buffer)
  })

  test('are not kept where they are larger than most, nor taken where they are too small', () => {
    const buffers = new AnswerBuffers(1_000_000)
    const [small, large] = [buffers.take(100_000), buffers.take(2_000_000)]
    buffers.giveBack(large)
    buffers.giveBack(small)
    expect(buffers.take(1_500_000).buffer).not.toBe(large.buffer)
    expect(buffers.take(500_000)).toHaveLength(500_000)
    expect(buffers.take(100_000).buffer).toBe(small.buffer)
  })
})

function answerOf(length: number, index: number): Buffer {
  const answer = Buffer.alloc(4 + length, `${index}, and so on; `)
  answer.writeInt32BE(length)
  return answer
}
