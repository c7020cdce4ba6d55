import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const engineOf = (folder: string) =>
  (JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { engines?: { node?: string } })
    .engines?.node

it('every package and app names the engines that the workspace is tested on', () => {
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  )
  expect(folders.length).toBeGreaterThan(4)
  expect(Object.fromEntries(folders.map((folder) => [folder, engineOf(folder)]))).toEqual(
    Object.fromEntries(folders.map((folder) => [folder, engineOf('.')])),
  )
  const ci = readFileSync(join(root, '.ci/run'), 'utf8')
  for (const version of ['22', '24'])
    expect(ci).toMatch(new RegExp(`^for version in .*\\b${version}\\b`, 'm'))
})
