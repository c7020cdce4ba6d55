// XXH64 with seed 0, the checksum of zstd's frames (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), over content that
// comes in pieces.

const prime1: u64 = ((<u64>0x9e3779b1) << 32) | 0x85ebca87
const prime2: u64 = ((<u64>0xc2b2ae3d) << 32) | 0x27d4eb4f
const prime3: u64 = ((<u64>0x165667b1) << 32) | 0x9e3779f9
const prime4: u64 = ((<u64>0x85ebca77) << 32) | 0xc2b2ae63
const prime5: u64 = ((<u64>0x27d4eb2f) << 32) | 0x165667c5

let lane1: u64 = 0
let lane2: u64 = 0
let lane3: u64 = 0
let lane4: u64 = 0
let total: u64 = 0
/** What the last piece left of a stripe of 32 bytes. */
const rest = memory.data(32, 16)

export function beginXxh64(): void {
  lane1 = prime1 + prime2
  lane2 = prime2
  lane3 = 0
  lane4 = 0 - prime1
  total = 0
}

export function advanceXxh64(from: usize, to: usize): void {
  const kept = <usize>total & 31
  total += to - from
  if (kept !== 0) {
    const taken = min<usize>(32 - kept, to - from)
    memory.copy(rest + kept, from, taken)
    if (kept + taken < 32) return
    takeStripes(rest, rest + 32)
    from += taken
  }
  const end = from + ((to - from) & ~31)
  takeStripes(from, end)
  memory.copy(rest, end, to - end)
}

function takeStripes(from: usize, to: usize): void {
  let a = lane1
  let b = lane2
  let c = lane3
  let d = lane4
  for (; from < to; from += 32) {
    a = round(a, load<u64>(from))
    b = round(b, load<u64>(from, 8))
    c = round(c, load<u64>(from, 16))
    d = round(d, load<u64>(from, 24))
  }
  lane1 = a
  lane2 = b
  lane3 = c
  lane4 = d
}

/** The low 32 bits, which are all that zstd keeps. */
export function endXxh64(): u32 {
  let hash = prime5
  if (total >= 32) {
    hash = rotl(lane1, 1) + rotl(lane2, 7) + rotl(lane3, 12) + rotl(lane4, 18)
    hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4)
  }
  hash += total
  let p = rest
  const end = rest + (<usize>total & 31)
  for (; end - p >= 8; p += 8) hash = rotl(hash ^ round(0, load<u64>(p)), 27) * prime1 + prime4
  if (end - p >= 4) {
    hash = rotl(hash ^ (<u64>load<u32>(p) * prime1), 23) * prime2 + prime3
    p += 4
  }
  for (; p < end; p++) hash = rotl(hash ^ (<u64>load<u8>(p) * prime5), 11) * prime1
  hash = (hash ^ (hash >> 33)) * prime2
  hash = (hash ^ (hash >> 29)) * prime3
  return <u32>(hash ^ (hash >> 32))
}

function round(lane: u64, input: u64): u64 {
  return rotl(lane + input * prime2, 31) * prime1
}

function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * prime1 + prime4
}
