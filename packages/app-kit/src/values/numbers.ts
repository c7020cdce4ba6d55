import { BadValue, type ReadValue } from './bad-value.js'

const bytesOf = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const

/** A whole number from `least` to `most`, in decimal digits. */
export function wholeNumber(least: number, most: number): ReadValue<number> {
  return within(/^\d+$/, least, most, 'a whole number')
}

/** A decimal number from `least` to `most`, such as `0.5`. */
export function decimal(least: number, most: number): ReadValue<number> {
  return within(/^\d+(\.\d+)?$/, least, most, 'a number')
}

/** A percentage from `least` to `most`, such as `1.5` or `1.5%`. */
export function percentage(least: number, most: number): ReadValue<number> {
  return within(/^(\d+(\.\d+)?|\.\d+)%?$/, least, most, 'a percentage')
}

/** A size from `least` to `most` bytes, such as `4096`, `64KiB`, `1MiB` or `10MB`. */
export function byteSize(least: number, most: number): ReadValue<number> {
  return (text) => {
    const match = /^(\d+)(B|KB|MB|GB|KiB|MiB|GiB|)$/.exec(text)
    const bytes = match === null ? Number.NaN : Number(match[1]) * bytesOf[match[2] as 'B']
    if (bytes >= least && bytes <= most) return bytes
    throw new BadValue(`a size from ${least} to ${most} bytes, such as 64KiB or 1MiB`, text)
  }
}

function within(pattern: RegExp, least: number, most: number, what: string): ReadValue<number> {
  return (text) => {
    const value = pattern.test(text) ? Number.parseFloat(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new BadValue(`${what} from ${least} to ${most}`, text)
  }
}
