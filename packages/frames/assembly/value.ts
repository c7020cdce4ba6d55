import { hadBlank, metEscapedName, scanBlocks } from './object'

// Generic functions are compiled for each of their types, which stand for a constant here.
type Compact = u32
type Spaced = i32
type Flat = u32
type Tree = i32

/** The value scanned last had no blank between its tokens, and no name with an escape. */
let isCompact = true
let isPlain = true

/**
 * Checks the whole object or array that begins at `start` against the JSON grammar, and finds the last member of each
 * path: `found[i]` becomes the address of its name's closing quote, or 0.
 *
 * @param tree the names of the paths as a tree of sets
 * @param flat those of paths of one name, the i-th that of path i; 0 where a path has several
 * @returns the address behind the value; 0 where it is no JSON, or perhaps so if `isTooDeep`
 */
export function scanValue(start: usize, tree: usize, flat: usize, found: usize): usize {
  if (flat !== 0 && isPlain) {
    const end = scanText<Flat>(start, flat, found)
    if (end !== 0 || !metEscapedName) return end
  }
  const end = scanText<Tree>(start, tree, found)
  isPlain = !metEscapedName
  return end
}

function scanText<Names>(start: usize, names: usize, found: usize): usize {
  // Most producers write no blanks, and a scan that knows of none takes a tenth less time. It refuses them.
  if (isCompact) {
    const end = scanBlocks<Compact, Names>(start, names, found)
    if (end !== 0) return end
  }
  const end = scanBlocks<Spaced, Names>(start, names, found)
  if (end !== 0) isCompact = !hadBlank
  return end
}
