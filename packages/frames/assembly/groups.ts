import { lowBytes, murmur3 } from './murmur'

// A cache from a group's bytes to its id by linear probing. An entry has 64 bytes: u32 id (0: empty), u32 length, then the
// bytes themselves, at most 56. The table of all groups is outside; what is not found here is asked there.
//
// Threads may look things up while one of them remembers: an entry goes once from zeros to its group, and no group
// scanned has a zero byte, so one that is seen half written equals nothing.
const entrySize: usize = 64
const longest: u32 = 56
/** Entries that are looked at: at three quarters full nearly every group has its place among so many. */
const probes = 16

let table: usize = 0
let mask: usize = 0
let scratch: usize = 0

/** @param entries a power of two, 0 for none; @param hash 16 bytes to work in */
export function setGroupTable(address: usize, entries: u32, hash: usize): void {
  table = address
  mask = <usize>entries - 1
  scratch = hash
}

/** The id of the group `[p, end)`, 0 if the cache does not know it. */
export function groupId(p: usize, end: usize): u32 {
  const length = <u32>(end - p)
  if (length > longest) return 0
  let entry = entryOf(p, length)
  for (let left = probes; left > 0; left--) {
    const id = load<u32>(entry)
    if (id === 0 || holds(entry, p, length)) return id
    entry = after(entry)
  }
  return 0
}

/** Puts a group into the cache, unless all its places are taken. */
export function rememberGroup(p: usize, end: usize, id: u32): void {
  const length = <u32>(end - p)
  if (length > longest) return
  let entry = entryOf(p, length)
  for (let left = probes; load<u32>(entry) !== 0; left--) {
    if (left === 1 || holds(entry, p, length)) return
    entry = after(entry)
  }
  store<u32>(entry, id)
  store<u32>(entry, length, 4)
  memory.copy(entry + 8, p, <usize>length)
}

/** Forgets all groups: ids may mean others from now on. */
export function forgetGroups(): void {
  memory.fill(table, 0, (mask + 1) * entrySize)
}

function entryOf(p: usize, length: u32): usize {
  murmur3(p, length, scratch)
  return table + (<usize>load<u32>(scratch) & mask) * entrySize
}

function after(entry: usize): usize {
  return table + ((entry - table + entrySize) & (mask * entrySize))
}

function holds(entry: usize, p: usize, length: u32): bool {
  return load<u32>(entry, 4) === length && equal(p, entry + 8, length)
}

function equal(p: usize, q: usize, length: u32): bool {
  let left = length
  for (; left > 8; left -= 8) {
    if (load<u64>(p) !== load<u64>(q)) return false
    p += 8
    q += 8
  }
  return left === 0 || ((load<u64>(p) ^ load<u64>(q)) & lowBytes(left)) === 0
}
