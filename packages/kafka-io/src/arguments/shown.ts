const longest = 80

/** A value for an error message, always short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value))
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) {
    const name = value.constructor?.name
    return name === undefined || name === 'Object' ? `an object with ${membersOf(value)}` : `a ${name}`
  }
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

function membersOf(value: object): string {
  const names = Object.keys(value)
  return names.length === 0 ? 'no members' : shortened(names.join(', '))
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}
