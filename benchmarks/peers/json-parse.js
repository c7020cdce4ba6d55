// The floor of any program that reads JSON lines with JSON.parse: reads chunks of 4 MiB, decodes, parses each line.
import { closeSync, openSync, readSync } from 'node:fs'

const file = openSync(/** @type {string} */ (process.argv[2]), 'r')
const chunk = Buffer.alloc(4 << 20)
let kept = 0
let frames = 0
for (;;) {
  const length = readSync(file, chunk, kept, chunk.length - kept, null)
  if (length === 0) break
  const end = chunk.lastIndexOf(0x0a, kept + length - 1) + 1
  // A chunk ends with a line, so that no character of UTF-8 is cut.
  for (const line of chunk.toString('utf8', 0, Math.max(0, end - 1)).split('\n')) {
    if (JSON.parse(line) !== null) frames++
  }
  kept = chunk.copy(chunk, 0, end, kept + length)
}
closeSync(file)
if (frames === 0) throw new Error('no frames')
