import { describe, expect, it } from 'vitest'
import { readBody } from '../../src/saved/body-format.js'
import { readManifest } from '../../src/saved/manifest-format.js'
import { describeCheckpoint, describeWire, plain } from './describe.js'
import { golden, goldenContent } from './golden.js'

// These files and what they are read as never change: state that an earlier release has written must be read by every
// later one. For a new format add files of other names.

describe('state that the first release wrote', () => {
  it.each([
    ['checkpoint-count', 'count/likes/3'],
    ['checkpoint-merge', 'merge/0'],
  ])('is restored from %s', (name, owner) => {
    expect(describeCheckpoint(owner, golden(name))).toEqual(goldenContent(name))
  })

  it('is named by the manifest and its body', () => {
    const manifest = readManifest(golden('manifest-count'))
    expect(plain(manifest)).toEqual(goldenContent('manifest-count'))
    const body = readBody(golden('body-count'), manifest.nextOffset)
    expect(plain(body)).toEqual(goldenContent('body-count'))
  })

  it.each(['partials', 'progress'])('is sent to mergers as %s', (name) => {
    expect(describeWire(golden(name))).toEqual(goldenContent(name))
  })
})
