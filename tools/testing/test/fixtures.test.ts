import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { fixturePaths } from '../src/fixtures.js'
import { temporaryFolder } from '../src/temporary-folder.js'

const temporary = temporaryFolder('fixtures')

afterEach(() => vi.unstubAllEnvs())

test('own fixtures come first, then every file of the same name below CARD_FIXTURES', () => {
  const own = join(temporary, 'own')
  const outside = join(temporary, 'outside')
  for (const folder of [own, join(outside, 'room')]) mkdirSync(folder, { recursive: true })
  for (const file of [join(own, 'a.json'), join(outside, 'a.json'), join(outside, 'room', 'a.json')]) {
    writeFileSync(file, '[]')
  }
  writeFileSync(join(outside, 'b.json'), '[]')
  vi.stubEnv('CARD_FIXTURES', outside)
  expect(fixturePaths(own, 'a.json')).toEqual([
    join(own, 'a.json'),
    join(outside, 'a.json'),
    join(outside, 'room', 'a.json'),
  ])
  vi.stubEnv('CARD_FIXTURES', '')
  expect(fixturePaths(own, 'a.json')).toEqual([join(own, 'a.json')])
  expect(fixturePaths(own, 'none.json')).toEqual([])
})
