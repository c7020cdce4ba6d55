import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { expect, test } from 'vitest'
import { fileBytes } from '../../src/input/file-bytes.js'

const folder = temporaryFolder('input')

async function read(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'input')
  writeFileSync(path, bytes)
  const pieces: Uint8Array[] = []
  const { signal } = new AbortController()
  for await (const piece of fileBytes(path, signal, () => {})) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString()
}

const lines = '{"uid":"a","ts":1}\n'.repeat(1000)
// Incompressible, so that the member is longer than one chunk of the file.
const long = Buffer.from(
  Array.from({ length: 2_000_000 }, (_, i) => 33 + ((Math.imul(i, 2654435761) >>> 9) % 90)),
)

test('plain bytes and gzip of one member or more are read to their end, padding of zeros included', async () => {
  expect(await read(Buffer.from(lines))).toBe(lines)
  const two = Buffer.concat([gzipSync(lines), gzipSync(long)])
  expect(await read(two)).toBe(lines + long)
  expect(await read(Buffer.concat([two, Buffer.alloc(3_000_000)]))).toBe(lines + long)
})

test('gzip that is damaged, cut, or followed by other bytes is an error, not a shorter input', async () => {
  const member = gzipSync(long)
  const damaged = gzipSync(lines).fill(0, 0, 1)
  for (const bytes of [
    member.subarray(0, -1),
    member.subarray(0, 1000),
    Buffer.concat([member, damaged]),
    Buffer.concat([member, Buffer.alloc(3_000_000), Buffer.of(1)]),
    Buffer.concat([member, Buffer.from('tail')]),
  ]) {
    await expect(read(bytes)).rejects.toThrow('cannot read')
  }
})
