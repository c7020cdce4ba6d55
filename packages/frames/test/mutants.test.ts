import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileAssembly } from '@card/assembly'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { assembly } from '../scripts/assembly.js'
import { scannerWasm } from '../src/scanner/scanner-wasm.generated.js'
import type { Comparison } from './compare-readers.js'
import { hardSource } from './hard-lines.js'
import { plainOptions } from './read-all.js'

/** Sources of assembly/ by name, in each of which every first text is replaced by its second. */
type Mutant = Readonly<Record<string, readonly (readonly [string, string])[]>>

const lastWins = [0, 4, 8].map((at) => {
  const store = `store<u32>(found, <u32>close${at === 0 ? '' : `, ${at}`})`
  return [store, `{ if (load<u32>(found, ${at}) === 0) ${store} }`] as const
})

type Planted = readonly (readonly [string, Mutant])[]

/** Bugs that scanners of this kind have had. */
const planted: Planted = [
  ['escaped quotes end strings', { 'object.ts': [['= allQuotes & ~escaped', '= allQuotes']] }],
  [
    'a run of backslashes is forgotten at the border of a block',
    { 'object.ts': [['escapeCarry = (codes & slash) >> 63', 'escapeCarry = 0']] },
  ],
  [
    'a string is forgotten at the border of a block',
    { 'object.ts': [['stringCarry = <u64>(<i64>inString >> 63)', 'stringCarry = 0']] },
  ],
  [
    'the end of a longer name passes for a name ("ats", "xuid")',
    {
      'object.ts': [
        [' & rightLength', ''],
        ['word0 = nameWord(names)', 'word0 = nameWord(names) & (nameMask(names) << 8)'],
        ['mask0 = nameMask(names)', 'mask0 = nameMask(names) & (nameMask(names) << 8)'],
      ],
    },
  ],
  [
    'a value passes for a name',
    { 'object.ts': [['closing & nameBytes & atRoot & valid', 'closing & atRoot & valid']] },
  ],
  ['names count at any depth', { 'object.ts': [['nameBytes & atRoot & valid', 'nameBytes & valid']] }],
  ['the first of repeated names wins', { 'object.ts': lastWins }],
  ['a name with an escape passes unread', { 'object.ts': [['if (!isTree) errors |= escapesInNames', '']] }],
  [
    'a name is forgotten at the border of a block',
    { 'object.ts': [['nameCarry = nameBytes >> 63', 'nameCarry = 0']] },
  ],
  [
    'brackets within strings count',
    { 'object.ts': [['const brackets =\n      outside &', 'const brackets =']] },
  ],
  ['any bracket closes any other', { 'object.ts': [[' || (kinds & 1) !== kind', '']] }],
  ['a bracket ends an object of too many levels', { 'object.ts': [['if (isTooDeep) return 0', '']] }],
  [
    'an object behind the first one is not seen',
    { 'frame.ts': [['if (<u32>load<u8>(behind) !== lineFeed) return notJson', '']] },
  ],
  [
    'an array is read as an object',
    {
      'frame.ts': [['first === openBrace ? readFields(row) : notObject', 'readFields(row)']],
    },
  ],
  [
    'blanks behind a colon are forgotten at the border of a block',
    { 'object.ts': [['(colons | (colonFill ^ colonSum)) >> 63', 'colons >> 63']] },
  ],
  [
    'blanks behind a comma are forgotten at the border of a block',
    { 'object.ts': [['(starters | (starterFill ^ starterSum)) >> 63', 'starters >> 63']] },
  ],
  [
    'a line that is cut off goes on in the next one',
    {
      'bytes.ts': [
        ['if (byte === lineFeed) break', 'if (byte === lineFeed) blanks |= controls & (0 - controls)'],
      ],
    },
  ],
  [
    'values stand anywhere',
    { 'object.ts': [['((opening | opens | atoms) ^ after) | (namePlaces', '(namePlaces']] },
  ],
  ['anything is a name', { 'object.ts': [[' | (namePlaces ^ nameStarts)', '']] }],
  ['colons stand anywhere', { 'object.ts': [['errors |= nameFill ^ texts ^ colons', '']] }],
  [
    'a closer may follow a comma',
    { 'object.ts': [['if (!isBehindOpener(p + <usize>ctz(apart))) return 0', '']] },
  ],
  ['atoms go unread', { 'object.ts': [['delimiter === 0 || (', '(']] }],
  [
    'where no blanks are known, one ends a number that goes on',
    { 'object.ts': [[' || (!blanks && isBlank(<u32>load<u8>(delimiter)))', '']] },
  ],
  [
    'blanks are seen as bytes like any other, line after line',
    { 'value.ts': [['scanBlocks<Spaced, Names>(start, names, found)', '<usize>0']] },
  ],
  ['an atom ends with its block', { 'object.ts': [['at + length < 64', 'at + length < 65']] }],
  ['a zero may lead', { 'object.ts': [['(<u32>(length === 1) | <u32>((word & 0xff) !== 0x30))', '1']] }],
  ['any letter may follow a backslash', { 'escapes.ts': [['(bytes & ~equalTo(a, b, c, d, 0x75)) | ', '']] }],
  ['hexadecimal digits are not looked at', { 'escapes.ts': [[' | (digits & ~hex)', '']] }],
  [
    'hexadecimal digits behind the border of a block are not looked at',
    { 'escapes.ts': [['if (!isUnicodeEscape(p + 60 + <usize>ctz(rest))) return false', '']] },
  ],
  ['control characters stand in strings', { 'object.ts': [['errors = inString & controls', '']] }],
  ['bytes of the next line are hashed', { 'murmur.ts': [['load<u64>(p) & lowBytes(tail)', 'load<u64>(p)']] }],
  ['the length is not hashed', { 'murmur.ts': [['h1 ^= <u64>length', '']] }],
  [
    'a fraction of a time is passed over',
    { 'number-times.ts': [['thousandths += <u64>(place * digit)', '']] },
  ],
  ['a time in digits is one of JSON', { 'number-times.ts': [['isText ? end !== quote : ', '']] }],
  ['a time before the epoch is rounded up', { 'number-times.ts': [['-ms - <i64>isFraction', '-ms']] }],
  ['the zone of a time is passed over', { 'iso-times.ts': [['if (sign === minus) offset = -offset', '']] }],
  ['a month has 31 days', { 'iso-times.ts': [['day - 1 >= daysInMonth(year, month)', 'day - 1 >= 31']] }],
  ['a pair of surrogates is two characters', { 'escapes.ts': [['if (low - 0xdc00 < 0x400)', 'if (false)']] }],
  ['a name with an escape is any name', { 'names.ts': [[' || load<u8>(p) !== load<u8>(name)', '']] }],
  [
    'a group is as long as it likes',
    {
      'frame.ts': [
        ['if (end === 0 || end - group > longestGroup) return badGroup', 'if (end === 0) return badGroup'],
      ],
    },
  ],
  [
    'the object of a name is forgotten at the border of a block',
    { 'members.ts': [[' || innerValue >= p', '']] },
  ],
  [
    'the members of an earlier object of a name count',
    { 'members.ts': [['if ((inner & 2) !== 0) store<u32>(found, 0, 4)', '']] },
  ],
  [
    'names within a nested object count at any depth',
    { 'members.ts': [['if (depth === level) {', 'if (true) {']] },
  ],
  ['-0 is a key of its own', { 'fields.ts': [['=== 0x302d ? p + 1 : p', '=== 0x302d ? p : p']] }],
  [
    'a key with an escape is taken raw',
    {
      'fields.ts': [
        [
          'v128.or(i8x16.eq(bytes, quoteSplat), i8x16.eq(bytes, backslashSplat))',
          'i8x16.eq(bytes, quoteSplat)',
        ],
      ],
    },
  ],
  [
    'groups of one length are one group',
    {
      'groups.ts': [
        [' && equal(p, entry + 8, length)', ''],
        ['(<usize>load<u32>(scratch) & mask)', '<usize>0'],
      ],
    },
  ],
]

/** Bugs of a walk of Kafka's records. */
const plantedInRecords: Planted = [
  [
    'a number of two bytes is read as one',
    {
      'records.ts': [
        ['if (byte < 128) {\n      number = <i64>(<i32>', 'if (true) {\n      number = <i64>(<i32>'],
      ],
    },
  ],
  ['the byte behind a value stays an LF', { 'records.ts': [['  store<u8>(end, behind)\n', '']] }],
  ['no key is a key of -1 bytes', { 'records.ts': [['if (number > 0) p +=', 'p +=']] }],
  ['records before the first wanted one are taken', { 'records.ts': [['offset < fromOffset || ', '']] }],
  ['records behind the last wanted one are taken', { 'records.ts': [[' || offset >= toOffset', '']] }],
  [
    'the key of a record has a byte too many',
    { 'records.ts': [['const keyLength = <i32>number', 'const keyLength = <i32>number + 1']] },
  ],
  [
    'a record without a value is one of no bytes',
    { 'records.ts': [['else if (number < 0) addBlank()', 'else if (false) addBlank()']] },
  ],
  ['a raw value is a frame', { 'records.ts': [['if (isParsed) takeValue', 'if (true) takeValue']] }],
  [
    "a time is looked for though it is the record's own",
    { 'frame.ts': [['if ((wanted & 1) !== 0) {', 'if (true) {']] },
  ],
  [
    'a time before the base is behind it',
    { 'records.ts': [['(value >> 1) ^ -(<i64>(value & 1))', '(value >> 1)']] },
  ],
]

/** Bugs of a scan that stops at the last wanted member. */
const plantedInFirstMembers: Planted = [
  [
    'the last of repeated names wins',
    {
      'first-members.ts': [
        [' || load<u32>(slot) !== 0', ''],
        ['if (named && missing === 0) return true', ''],
        ['if (depth <= 0) return false', 'if (depth <= 0) return <i32>missing <= 0'],
        ['if (valid !== ~(<u64>0)) return false', 'if (valid !== ~(<u64>0)) return <i32>missing <= 0'],
      ],
    },
  ],
  [
    'names count at any depth',
    {
      // The first is where there is a tree of names.
      'first-members.ts': [
        ['!== 1) continue', '< 1) continue'],
        ['!== 1) continue', '< 1) continue'],
      ],
    },
  ],
  [
    'a string is forgotten at the border of a block',
    { 'first-members.ts': [['stringCarry = <u64>(<i64>inString >> 63)', 'stringCarry = 0']] },
  ],
  [
    'a name is forgotten at the border of a block',
    { 'first-members.ts': [['openingBefore = opening', 'openingBefore = 0']] },
  ],
]

afterEach(() => {
  vi.doUnmock('../src/scanner/scanner-wasm.generated.js')
  vi.resetModules()
})

/** Has everything that is imported from now on scan by this module. */
function scanBy(wasm: Uint8Array): void {
  vi.resetModules()
  vi.doMock('../src/scanner/scanner-wasm.generated.js', () => ({
    scannerWasm: Buffer.from(wasm).toString('base64'),
    memoryFlagAt: 0,
  }))
}

/**
 * Compares a scanner with JSON.parse on the hard lines at every position of a block; throws where they differ. Returns
 * how many lines the scanner took itself.
 */
async function compareOnHardLines(wasm: Uint8Array): Promise<number> {
  scanBy(wasm)
  const { compareReaders } = await import('./compare-readers.js')
  const seen: Comparison = { rows: [], scanned: 0 }
  for (let pad = 0; pad <= 70; pad++) {
    compareReaders(hardSource(pad), { ...plainOptions, groupBy: 'grp', rows: 2 }, [1 << 20], seen)
    compareReaders(hardSource(pad), { ...plainOptions, key: 'x.uid', groupBy: 'x.grp' }, [1 << 20], seen)
  }
  return seen.scanned
}

/** The same on records. */
async function compareOnHardRecords(wasm: Uint8Array): Promise<number> {
  scanBy(wasm)
  const { compareRecords, hardBatches } = await import('./compare-records.js')
  return compareRecords(hardBatches())
}

/** The same on lines that may be trusted. */
async function compareOnTrusted(wasm: Uint8Array): Promise<number> {
  scanBy(wasm)
  const { compareTrusted } = await import('./compare-trusted.js')
  return compareTrusted()
}

/** The sources of a mutant. */
function mutated(mutant: Mutant): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mutant).map(([name, replacements]) => {
      let text = readFileSync(join(assembly.folder, 'assembly', name), 'utf8')
      for (const [from, to] of replacements) {
        expect(text.includes(from), `${name} still holds: ${from}`).toBe(true)
        text = text.replace(from, () => to)
      }
      return [name, text]
    }),
  )
}

describe('the scanner is compiled', { timeout: 60_000 }, () => {
  test('to the same bytes each time', async () => {
    const [once, again] = [await compileAssembly(assembly), await compileAssembly(assembly)]
    expect(Buffer.from(once).toString('base64')).toBe(scannerWasm)
    expect(Buffer.compare(once, again)).toBe(0)
  })

  test('to one that agrees with JSON.parse without the optimizer as well', async () => {
    expect(await compareOnHardLines(await compileAssembly({ ...assembly, level: 0 }))).toBeGreaterThan(
      71 * 15,
    )
  })
})

describe.each([
  ['JSON.parse', compareOnHardLines, planted],
  ['records read without the scanner', compareOnHardRecords, plantedInRecords],
  ['JSON.parse of what trusted lines mean', compareOnTrusted, plantedInFirstMembers],
] as const)('the comparison with %s notices that', { timeout: 60_000 }, (_name, compare, bugs) => {
  let intact = 0
  beforeAll(async () => {
    intact = await compare(Buffer.from(scannerWasm, 'base64'))
    expect(intact).toBeGreaterThan(100)
  })

  test.each(bugs)('%s', async (_, mutant) => {
    const scanned = compare(await compileAssembly({ ...assembly, changed: mutated(mutant), level: 0 }))
    // A bug shows in the rows, or in that good lines are left to JSON.parse.
    const noticed = await scanned.then(
      (count) => (count === intact ? null : `${count} lines scanned instead of ${intact}`),
      (error) => (error as Error).message,
    )
    expect(noticed).toMatch(/differ|instead of/)
  })
})
