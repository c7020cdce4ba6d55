import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineBuffer } from '../src/lines/line-buffer.js'

/** Read so many bytes, take so many off the head and keep them where they are, or let the oldest of these go. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ keep: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ release: fc.constant(true) }) },
)

test('bytes that are kept or unread stay what they are, however reading goes around in the room', () => {
  let around = 0
  let full = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 120 }),
      fc.array(step, { minLength: 80, maxLength: 120 }),
      (room, steps) => {
        const buffer = new LineBuffer(new Uint8Array(room))
        const kept: { start: number; bytes: number[] }[] = []
        const unread: number[] = []
        let total = 0
        for (const what of steps) {
          if ('read' in what) {
            const { head } = buffer
            const space = buffer.free(what.read)
            if (buffer.head < head && kept.length > 0) around++
            const length = Math.min(space.length, what.read)
            if (length === 0) full++
            for (let i = 0; i < length; i++) {
              // Never an LF: one is found only where the buffer puts it.
              space[i] = 32 + (total++ % 200)
              unread.push(space[i]!)
            }
            buffer.commit(length)
          } else if ('keep' in what) {
            const bytes = unread.splice(0, what.keep)
            if (bytes.length === 0) continue
            if (kept.length === 0) buffer.kept = buffer.head
            kept.push({ start: buffer.head, bytes })
            buffer.head += bytes.length
          } else if (kept.shift() !== undefined) buffer.kept = kept[0]?.start ?? -1
          buffer.searched = buffer.head
          expect(buffer.newline()).toBe(buffer.tail)
          for (const { start, bytes } of kept) {
            expect([...buffer.bytes.subarray(start, start + bytes.length)]).toEqual(bytes)
          }
          expect([...buffer.bytes.subarray(buffer.head, buffer.tail)]).toEqual(unread)
          expect(buffer.origin + buffer.tail).toBe(total)
        }
      },
    ),
    { numRuns: 300 },
  )
  expect(Math.min(around, full)).toBeGreaterThan(100)
})
