// The program one writes first: chunks of 4 MiB, JSON.parse, a Set of users for each minute. `json-parse-set.js FILE`.
// Prints one JSON object, from the minute (Unix time in seconds) to its users.
import { closeSync, openSync, readSync } from 'node:fs'

const file = openSync(/** @type {string} */ (process.argv[2]), 'r')
const chunk = Buffer.alloc(4 << 20)
/** @type {Map<number, Set<string>>} */
const minutes = new Map()
let kept = 0
for (;;) {
  const length = readSync(file, chunk, kept, chunk.length - kept, null)
  if (length === 0) break
  const end = chunk.lastIndexOf(0x0a, kept + length - 1) + 1
  // A chunk ends with a line, so that no character of UTF-8 is cut.
  for (const line of chunk.toString('utf8', 0, Math.max(0, end - 1)).split('\n')) {
    const { uid, ts } = JSON.parse(line)
    const minute = ts - (ts % 60)
    let users = minutes.get(minute)
    if (users === undefined) {
      users = new Set()
      minutes.set(minute, users)
    }
    users.add(uid)
  }
  kept = chunk.copy(chunk, 0, end, kept + length)
}
closeSync(file)
console.log(JSON.stringify(Object.fromEntries([...minutes].map(([minute, users]) => [minute, users.size]))))
