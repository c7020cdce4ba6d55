import { utf8 } from './bytes.js'

// A key is text, parted by NUL, which is in no name of an owner: OWNER m, OWNER s SLOT, and where there are no transactions
// to fence other processes, OWNER RUN m and OWNER RUN s SLOT, of which each process has its own.

/** Keys of one run of one owner. @param run empty where transactions fence */
export class RecordKeys {
  private readonly before: string

  constructor(owner: string, run: string) {
    this.before = run === '' ? `${owner}\0` : `${owner}\0${run}\0`
  }

  get manifest(): Uint8Array {
    return utf8(`${this.before}m`)
  }

  slot(number: number): Uint8Array {
    return utf8(`${this.before}s${number}`)
  }
}

/** What a key behind its owner names. */
export interface KeyParts {
  readonly run: string
  /** null: the manifest */
  readonly slot: number | null
}

/** @param text of a key, without the owner and the NUL behind it */
export function keyParts(text: string): KeyParts | null {
  const found = /^(?:([^\0]+)\0)?(?:m|s(\d+))$/.exec(text)
  return found === null
    ? null
    : { run: found[1] ?? '', slot: found[2] === undefined ? null : Number(found[2]) }
}
