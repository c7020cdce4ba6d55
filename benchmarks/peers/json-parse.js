// The floor of any program that reads JSON lines with JSON.parse: reads chunks of 4 MiB, parses each line, no more.
import { closeSync, openSync, readSync } from 'node:fs'

const file = openSync(/** @type {string} */ (process.argv[2]), 'r')
const chunk = Buffer.alloc(4 << 20)
let rest = ''
let frames = 0
for (;;) {
  const length = readSync(file, chunk, 0, chunk.length, null)
  if (length === 0) break
  // Lines of the generated files are cut at ASCII bytes only where the decoder would be; latin1 keeps it the fastest.
  const lines = (rest + chunk.latin1Slice(0, length)).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) {
    if (JSON.parse(line) !== null) frames++
  }
}
closeSync(file)
if (frames === 0) throw new Error('no frames')
