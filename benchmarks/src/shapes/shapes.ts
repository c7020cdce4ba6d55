import type { FrameOptions } from '@card/frames'

/** How a program writes its lines. */
export interface Shape {
  readonly name: string
  /** One of the members that make it. */
  readonly example: string
  readonly options?: Partial<FrameOptions>
  /** What it is compared with; the plain shape where absent. */
  readonly baseline?: Shape
  /** The members that hold key and time, `i` the number of the line; a member of filler is put before and behind. */
  members(i: number): string
  /** How the names of the filler are spelled. */
  spell?(name: string): string
}

const firstSecond = 1468244384
const seconds = (i: number) => firstSecond + (i % 1000)
const digits = (i: number, count: number) =>
  String((i * 2654435761) % 2 ** 32)
    .padStart(count, '7')
    .slice(-count)
const uid = (i: number) => `dcba5742f8a${digits(i, 8)}`
const iso = (i: number) => new Date(seconds(i) * 1000).toISOString().slice(0, 19)
const escaped = (text: string) =>
  [...text].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** A shape that differs from the plain one in how the time is written. */
function timeShape(name: string, write: (i: number) => string): Shape {
  return { name, example: `"ts":${write(0)}`, members: (i) => `"uid":"${uid(i)}","ts":${write(i)}` }
}

/** One that differs in how the key is written. */
function keyShape(name: string, write: (i: number) => string): Shape {
  return { name, example: `"uid":${write(0)}`, members: (i) => `"uid":${write(i)},"ts":${seconds(i)}` }
}

export const plain = timeShape('plain', (i) => `${seconds(i)}`)

const group: Shape = {
  name: 'group',
  example: `"room":"…"`,
  options: { groupBy: 'room' },
  members: (i) => `"room":"room ${i % 50}","uid":"${uid(i)}","ts":${seconds(i)}`,
}

/** What people log. */
export const shapes: readonly Shape[] = [
  plain,
  timeShape('milliseconds', (i) => `${seconds(i)}${digits(i, 3)}`),
  timeShape('microseconds', (i) => `${seconds(i)}${digits(i, 6)}`),
  timeShape('nanoseconds', (i) => `${seconds(i)}${digits(i, 9)}`),
  timeShape('fraction, two digits', (i) => `${seconds(i)}.${digits(i, 2)}`),
  timeShape('fraction, six digits', (i) => `${seconds(i)}.${digits(i, 6)}`),
  timeShape('fraction, nine digits', (i) => `${seconds(i)}.${digits(i, 9)}`),
  timeShape('exponent', (i) => `1.${String(seconds(i)).slice(1)}${digits(i, 3)}E9`),
  timeShape('digits in a string', (i) => `"${seconds(i)}"`),
  timeShape('16 digits in a string', (i) => `"${seconds(i)}${digits(i, 6)}"`),
  timeShape('fraction in a string', (i) => `"${seconds(i)}.${digits(i, 6)}"`),
  timeShape('signed string', (i) => `"+${seconds(i)}"`),
  timeShape('ISO, Z', (i) => `"${iso(i)}Z"`),
  timeShape('ISO, milliseconds', (i) => `"${iso(i)}.${digits(i, 3)}Z"`),
  timeShape('ISO, nanoseconds', (i) => `"${iso(i)}.${digits(i, 9)}Z"`),
  timeShape('ISO, comma', (i) => `"${iso(i)},${digits(i, 3)}"`),
  timeShape('ISO, no zone', (i) => `"${iso(i)}"`),
  timeShape('ISO, space', (i) => `"${iso(i).replace('T', ' ')}"`),
  timeShape('ISO, UTC', (i) => `"${iso(i).replace('T', ' ')}.${digits(i, 3)} UTC"`),
  timeShape('ISO, +02', (i) => `"${iso(i)}+02"`),
  timeShape('ISO, +0200', (i) => `"${iso(i)}.${digits(i, 3)}+0200"`),
  timeShape('ISO, +02:00', (i) => `"${iso(i)}+02:00"`),
  timeShape('ISO, lower case', (i) => `"${iso(i).toLowerCase()}z"`),
  timeShape('ISO, no seconds', (i) => `"${iso(i).slice(0, 16)}"`),
  timeShape('ISO, date', (i) => `"${iso(i).slice(0, 10)}"`),
  keyShape('integer key', (i) => `4${digits(i, 9)}`),
  keyShape('long integer key', (i) => `9007199254740993${digits(i, 4)}`),
  keyShape('key beyond ASCII', (i) => `"ренé-${digits(i, 10)}"`),
  keyShape('key with \\u00e9', (i) => `"ren\\u00e9-${digits(i, 10)}"`),
  keyShape('key all escapes', (i) => `"${escaped(digits(i, 6))}"`),
  keyShape('key with \\/', (i) => `"\\/u\\/${digits(i, 10)}"`),
  {
    name: 'wanted names with escapes',
    example: `"\\u0075id":"…"`,
    members: (i) => `"\\u0075id":"${uid(i)}","t\\u0073":${seconds(i)}`,
  },
  {
    name: 'names beyond ASCII',
    example: `"ключ":"…"`,
    options: { key: 'ключ', time: 'время' },
    members: (i) => `"ключ":"${uid(i)}","время":${seconds(i)}`,
  },
  {
    name: 'names beyond ASCII, escaped',
    example: `"${escaped('id')}…"`,
    options: { key: 'ключ', time: 'время' },
    members: (i) => `"${escaped('ключ')}":"${uid(i)}","${escaped('время')}":${seconds(i)}`,
  },
  {
    name: 'all names with escapes',
    example: `"\\u0065-name":"…"`,
    members: plain.members,
    spell: (name) => `\\u00e9-${name}`,
  },
  {
    name: 'name with dots',
    example: `"id.orig_h":"…"`,
    options: { key: 'id\\.orig_h', time: '@timestamp' },
    members: (i) => `"id.orig_h":"${uid(i)}","@timestamp":${seconds(i)}`,
  },
  {
    name: 'nested key',
    example: `"user":{"id":"…"}`,
    options: { key: 'user.id' },
    members: (i) => `"user":{"id":"${uid(i)}"},"ts":${seconds(i)}`,
  },
  {
    name: 'nested, one object',
    example: `"event":{"uid":"…","ts":1}`,
    options: { key: 'event.uid', time: 'event.ts' },
    members: (i) => `"event":{"uid":"${uid(i)}","ts":${seconds(i)}}`,
  },
  {
    name: 'nested three deep',
    example: `"a":{"b":{"uid":"…"}}`,
    options: { key: 'a.b.uid', time: 'a.ts' },
    members: (i) => `"a":{"b":{"uid":"${uid(i)}"},"ts":${seconds(i)}}`,
  },
  group,
  {
    name: 'group with escapes',
    example: `"room":"caf\\u00e9"`,
    baseline: group,
    options: { groupBy: 'room' },
    members: (i) => `"room":"caf\\u00e9 ${i % 50}","uid":"${uid(i)}","ts":${seconds(i)}`,
  },
]

/** `count` lines of the shape, each of `length` bytes without its LF. */
export function linesOf(
  { members, spell = (name) => name }: Shape,
  count: number,
  length: number,
): Uint8Array {
  const filler = (name: string, value: string) => `"${spell(name)}":${value}`
  const lines: string[] = []
  for (let i = 0; i < count; i++) {
    const before = filler('level', i % 3 === 0 ? '"info"' : '"debug"')
    const behind = [
      filler('ok', 'true'),
      filler('took', `0.${digits(i, 3)}`),
      filler('path', '"\\/a\\/b"'),
    ].join()
    const open = `{${before},${members(i)},${behind},"tags":[${i % 7},null,"x"],"msg":"`
    lines.push(`${open}${'m'.repeat(Math.max(0, length - Buffer.byteLength(open) - 2))}"}\n`)
  }
  return Buffer.from(lines.join(''))
}
