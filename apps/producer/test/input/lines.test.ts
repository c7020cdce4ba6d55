import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCutter } from '../../src/input/lines.js'

function linesOf(chunks: Iterable<Uint8Array>): string[] {
  const cutter = new LineCutter('file')
  const lines: string[] = []
  for (const chunk of chunks)
    for (const line of cutter.cut(chunk)) lines.push(Buffer.from(line).toString('latin1'))
  const last = cutter.end()
  return last === null ? lines : [...lines, Buffer.from(last).toString('latin1')]
}

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\n\nb', ['a', '', 'b']],
  ['a\r\nb\rc\r\r\n', ['a', 'b\rc\r']],
  ['\n', ['']],
  ['\xef\xbb\xbfa\n\xef\xbb\xbfb', ['a', '\xef\xbb\xbfb']],
])('%j is the lines %j', (text, lines) => {
  expect(linesOf([Buffer.from(text, 'latin1')])).toEqual(lines)
})

test('lines do not depend on where the chunks are cut', () => {
  const piece = fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', '\xef\xbb\xbf', ' ')
  fc.assert(
    fc.property(
      fc.array(piece),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
      (pieces, sizes) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1')
        const chunks: Buffer[] = []
        for (let from = 0, i = 0; from < bytes.length; i++) {
          const size = sizes[i % sizes.length]!
          chunks.push(bytes.subarray(from, from + size))
          from += size
        }
        expect(linesOf(chunks)).toEqual(linesOf([bytes]))
      },
    ),
  )
})

test('a line beyond 64 MiB is refused before it fills the memory', () => {
  const chunk = Buffer.alloc(1 << 20, 'x')
  const cutter = new LineCutter('file')
  const take = (): void => {
    for (let i = 0; i < 65; i++) for (const line of cutter.cut(chunk)) expect(line).toBeUndefined()
  }
  expect(take).toThrow('expected lines of at most 67108864 bytes')
})
