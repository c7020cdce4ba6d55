import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '@card/app-kit'

/** Why an output cannot be written, as far as can be said without writing it; null: it can. */
export function whyUnwritable(file: string): string | null {
  try {
    // In big integers for the reason given in shared-paths.ts.
    const status = statSync(file, { throwIfNoEntry: false, bigint: true })
    if (status?.isDirectory()) return 'it is a directory'
    accessSync(status === undefined ? dirname(file) : file, constants.W_OK)
    return null
  } catch (error) {
    return messageOf(error)
  }
}
