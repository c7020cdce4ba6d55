import { BadValue } from '@card/app-kit'

/** A path of member names joined by dots, none of them empty: `uid`, `user.id`, `id\.orig_h` of one name with a dot. */
export function keyPath(text: string): string {
  if (
    !text
      .replace(/\\[.\\]/g, '_')
      .split('.')
      .includes('')
  )
    return text
  throw new BadValue('a key such as uid, or keys joined by dots such as user.id', text)
}

/** A path of keys, or `none` (null). */
export function keyPathOrNone(text: string): string | null {
  return text === 'none' ? null : keyPath(text)
}
