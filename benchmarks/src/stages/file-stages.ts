import { closeSync, openSync, readSync } from 'node:fs'
import { FrameReader } from '@card/frames'
// An app has no exports: its core is measured where it lies.
import { type CountingSetup, openCounting } from '../../../apps/counter-worker/src/counting/open-counting.js'
import { Shell } from '../../../apps/counter-worker/src/shell.js'
import { exactLimit, precision, windows } from './counting-stages.js'
import { frameOptions, readFrames, readSize } from './frame-columns.js'
import type { Stage } from './measure.js'

const chunk = new Uint8Array(readSize)

/** Nothing but getting the bytes out of the page cache. */
export function fileRead(path: string): Stage {
  return {
    name: 'floor: file read, 256 KiB at a time',
    run() {
      const file = openSync(path, 'r')
      while (readSync(file, chunk, 0, chunk.length, null) > 0);
      closeSync(file)
    },
  }
}

/** Nothing but finding the ends of the lines. */
export function newlineSearch(bytes: Buffer): Stage {
  return {
    name: 'floor: newline search',
    run() {
      for (let at = bytes.indexOf(10); at >= 0; ) at = bytes.indexOf(10, at + 1)
    },
  }
}

/** What a scan in memory costs beside scanning: in the worker the file is read right into the scanner's memory. */
export function copying(bytes: Buffer): Stage {
  return {
    name: 'copy',
    run() {
      for (let from = 0; from < bytes.length; from += readSize)
        chunk.set(bytes.subarray(from, from + readSize))
    },
  }
}

/** From bytes to columns; without a key the scanner looks for the time alone. */
export function scanning(bytes: Buffer, json: 'strict' | 'trusted', key: 'uid' | null): Stage {
  return {
    name: `scan, ${json}${key === null ? ', no key' : ''}`,
    run: () => readFrames(bytes, new FrameReader({ ...frameOptions, json, key }), () => {}),
  }
}

const never = Number.POSITIVE_INFINITY
const setup: CountingSetup = {
  counting: {
    counter: { estimator: 'auto', exactLimit, precision },
    windows,
    rolling: [],
    totals: false,
    timezone: 'UTC',
    outOfOrder: 5000,
    lateness: 0,
    maxAhead: 5000,
    maxGroups: 100_000,
    groupOverflow: 'other',
    sketchPrecision: null,
  },
  core: { outOfOrder: 5000, idleTimeout: never, early: never, readsToEnd: false },
  partitions: { names: ['-'], fixed: true },
}

/** All of it in one pass, from bytes in memory to results. */
export function wholeCore(bytes: Buffer): Stage {
  return {
    name: 'whole core',
    run() {
      const reader = new FrameReader(frameOptions)
      const output = {
        result: JSON.stringify,
        rejected: null,
        late: null,
        lateAction: 'dropped',
        held: null,
      } as const
      const { core, writer } = openCounting(setup, reader.groups, output, 0)
      const log = { info() {}, warn() {} }
      const shell = new Shell({ core, writer, outputs: { flush: () => undefined }, log, source: null })
      readFrames(bytes, reader, () => {
        const batch = { columns: reader.columns, bytes: reader.bytes, source: 'memory' }
        shell.take({ kind: 'rows', partition: '-', batch, areGroupIdsInUse: false })
      })
      shell.take({ kind: 'end-of-input' })
    },
  }
}
