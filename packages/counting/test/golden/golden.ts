import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that a release wrote. Never made anew: what was stored once has to be read for ever. */
export function golden(name: string): Uint8Array {
  return new Uint8Array(readFileSync(pathOf(`${name}.bin`)))
}

/** What they are to be read as. */
export function goldenContent(name: string): unknown {
  return JSON.parse(readFileSync(pathOf(`${name}.json`), 'utf8'))
}

/** Of the folder that CARD_FIXTURES names where it has the file, else of this one. */
function pathOf(file: string): string {
  const elsewhere = process.env.CARD_FIXTURES
  const other = elsewhere === undefined ? '' : join(elsewhere, file)
  return other !== '' && existsSync(other) ? other : join(import.meta.dirname, file)
}
