import { readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExitError } from '@card/app-kit'
import type { HeldLines, RefusedLine } from '@card/counting'
import { temporaryFolder } from '@card/testing/temporary-folder'
import { expect, test } from 'vitest'
import { folderBeside, HeldLineStore } from '../../src/output/held-lines.js'

const folder = temporaryFolder('held')
const line = (byte: number) => ({ source: '-', offset: byte, line: Buffer.alloc(1024 * 1024, byte) })

const takeAll = (held: HeldLines, tickets: readonly number[]) =>
  tickets.map((ticket) => held.take(ticket)).filter((each) => each !== undefined)

/** Whether these are the lines of those numbers, in order, every byte of them. */
function areLines(all: Iterable<RefusedLine>, numbers: readonly number[]): boolean {
  const lines = Array.from(all, ({ offset, line }) => ({ offset, line }))
  return (
    lines.length === numbers.length &&
    lines.every(({ offset, line: bytes }, i) => offset === numbers[i] && line(offset).line.equals(bytes))
  )
}

test('lines come back as they were, those beyond memory too, and nothing is left in the folder', () => {
  const store = new HeldLineStore(folder)
  const held = store.ofPartition()
  for (let ticket = 0; ticket < 20; ticket++) held.keep(ticket, line(ticket))
  expect(readdirSync(folder)).toEqual([])
  expect(areLines([held.take(19)!, held.take(0)!], [19, 0])).toBe(true)
  held.keep(20, line(20))
  const rest = Array.from({ length: 18 }, (_, i) => i + 1)
  expect(areLines(takeAll(held, [...rest, 20]), [...rest, 20])).toBe(true)
  // The file is begun anew when nothing is in it.
  const again = Array.from({ length: 20 }, (_, i) => i + 30)
  for (const ticket of again) held.keep(ticket, line(ticket))
  expect(areLines(takeAll(held, again), again)).toBe(true)
})

test('a folder in which no file can be made is named when asked, with exit 1; what fits into memory is kept', () => {
  const store = new HeldLineStore(join(folder, 'missing'))
  const held = store.ofPartition()
  for (let ticket = 0; ticket < 20; ticket++) held.keep(ticket, line(ticket))
  expect(() => store.check()).toThrow(ExitError)
  expect(() => store.check()).toThrow(`cannot store held lines in ${join(folder, 'missing')}: ENOENT`)
  expect(held.take(19)).toBe(undefined)
  expect(
    areLines(
      takeAll(
        held,
        Array.from({ length: 20 }, (_, i) => i),
      ),
      [0, 1, 2, 3, 4, 5, 6, 7],
    ),
  ).toBe(true)
})

test('lines wait beside the file that may take them, and in the system’s folder when it is a device', () => {
  const file = join(folder, 'late')
  writeFileSync(file, '')
  expect(folderBeside(file)).toBe(folder)
  expect(folderBeside('/dev/null')).toBe(tmpdir())
})
