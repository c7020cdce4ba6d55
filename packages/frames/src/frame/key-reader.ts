import { badArgument, checkBytes } from '../arguments.js'
import { decodeString } from './decode-string.js'
import { findMembers, type MemberName, memberName } from './find-members.js'
import { pathNames } from './member-path.js'
import { isPath, pathForm } from './options.js'

/**
 * Reads the keys of single frames as bytes, where a FrameReader gives their hashes only: what keys the frame's
 * record in a topic, for example.
 */
export class KeyReader {
  readonly #steps: MemberName[][]
  readonly #span = new Int32Array(2)

  /**
   * @param path member names from the root object down, joined by dots, as in `FrameOptions.key`
   * @throws {FramesError} `bad-argument`
   */
  constructor(path: string) {
    if (!isPath(path)) throw badArgument('KeyReader', `a path: ${pathForm}`, path)
    this.#steps = pathNames(path).map((name) => [memberName(name)])
  }

  /**
   * The bytes that a FrameReader hashes: a string decoded, an integer as written (`-0` is `0`). A copy.
   *
   * @param frame JSON that JSON.parse accepts, such as a line that a FrameReader has counted; of anything else
   *   the answer means nothing
   * @returns null where the key is missing, or neither string nor integer
   * @throws {FramesError} `bad-argument`
   */
  read(frame: Uint8Array): Uint8Array | null {
    checkBytes('read', frame)
    let start = 0
    while (frame[start]! <= 0x20) start++
    let end = frame.length
    for (const step of this.#steps) {
      if (frame[start] !== 0x7b) return null
      findMembers(frame, start, step, this.#span)
      start = this.#span[0]!
      end = this.#span[1]!
      if (start < 0) return null
    }
    if (frame[start] === 0x22) {
      const decoded = new Uint8Array(end - start)
      return decoded.subarray(0, decodeString(frame, start + 1, end - 1, decoded))
    }
    const negative = frame[start] === 0x2d
    const digits = negative ? start + 1 : start
    for (let i = digits; i < end; i++) {
      if (frame[i]! < 0x30 || frame[i]! > 0x39) return null
    }
    return frame.slice(negative && frame[digits] === 0x30 ? digits : start, end)
  }
}
