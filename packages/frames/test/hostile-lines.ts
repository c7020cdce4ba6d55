import fc from 'fast-check'

const names = [
  'uid',
  'ts',
  'grp',
  'a',
  'b',
  'ats',
  'uidx',
  'xuid',
  '',
  '__proto__',
  'constructor',
  'toString',
]
const spellings = [
  '\\u0075id',
  'ui\\u0064',
  't\\u0073',
  '\\u0067rp',
  '\\u0061',
  'uid\\u0000',
  'u\\"id',
  '\\\\uid',
]

const scalars = [
  ...[
    '1468244384',
    '1468244384.999',
    '1.001',
    '1e9',
    '-1',
    '-0',
    '0',
    '-0.0001',
    '5.0',
    '1e3',
    '1e400',
    '-1e400',
    '1E468244384',
    '1e-468244384',
    '0e468244384',
  ],
  ...[
    '99999999999',
    '100000000000',
    '99999999999999',
    '100000000000000',
    '253370764800',
    '253370764799.9999',
  ],
  ...[
    '-62135596800',
    '-62135596800.0001',
    '12345678901234567890',
    '9007199254740993',
    '0.0000001e12',
    '1E+12',
  ],
  ...[
    'true',
    'false',
    'null',
    '""',
    '"a"',
    '"\\u0061"',
    '"1"',
    '"x y"',
    '"{[,:]}"',
    '"\\""',
    '"\\\\"',
    '"\\n\\/\\b"',
  ],
  ...[
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud800\\u0041"',
    '"\\uD83D\\\\uDE00"',
    '"\u{1f600}"',
  ],
  ...['"Не верил он любви"', '"\u2028"', '"dcba5742f8a6083a3a9"', '"uid"', '"ts"', '"\\\\\\""'],
]

const blank = fc.constantFrom('', '', '', '', ' ', '\t', '\r', '  ')
const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...names) }, fc.constantFrom(...spellings))

/** The text of a JSON value that is full of wanted names, repeated names, escapes and brackets in strings. */
const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 6, arbitrary: fc.constantFrom(...scalars) },
    { weight: 2, arbitrary: tie('object') },
    { weight: 1, arbitrary: tie('array') },
  ),
  object: fc
    .array(fc.tuple(name, tie('value'), blank, blank), { maxLength: 5 })
    .map(
      (members) => `{${members.map(([key, item, p, q]) => `${p}"${key}"${q}:${p}${item}${q}`).join(',')}}`,
    ),
  array: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
}))

const frame = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom('uid', 'ts', 'grp', 'a'), name),
      fc.oneof(
        { weight: 3, arbitrary: value },
        fc.constantFrom('1468244384', '"dcba5742f8a6083a3a9"', '{"b":1}'),
      ),
      blank,
    ),
    { maxLength: 10 },
  )
  .map((members) => `{${members.map(([key, item, p]) => `${p}"${key}"${p}:${item}${p}`).join(',')}}`)

/** What is done to a line's bytes: nothing, one byte replaced, removed or added, or its end cut off. */
const damage = fc.tuple(
  fc.constantFrom('none', 'none', 'none', 'replace', 'remove', 'insert', 'cut'),
  fc.nat(1000),
  fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('"\\{}[],: \r\t0-eu.'))),
)

const line = fc
  .tuple(fc.oneof({ weight: 6, arbitrary: frame }, value, blank), blank, blank, damage)
  .map(([text, before, after, [kind, position, byte]]) => {
    const bytes = [...Buffer.from(before + text + after)]
    const at = position % (bytes.length + 1)
    if (kind === 'replace') bytes.splice(at, 1, byte)
    if (kind === 'remove') bytes.splice(at, 1)
    if (kind === 'insert') bytes.splice(at, 0, byte)
    if (kind === 'cut') bytes.splice(at)
    return bytes
  })

/** A source of such lines: LF or CRLF, perhaps a byte order mark, the last line perhaps unended. */
export const hostileSource = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, fc.boolean()), { maxLength: 12 }), fc.boolean())
  .map(([mark, lines, ended]) => {
    const bytes = lines.flatMap(([content, crlf]) => [...content, ...(crlf ? [13, 10] : [10])])
    return Uint8Array.from([...(mark ? [0xef, 0xbb, 0xbf] : []), ...(ended ? bytes : bytes.slice(0, -1))])
  })
