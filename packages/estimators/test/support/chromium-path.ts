import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** The Chromium of the system, or else the one that playwright-core has installed; null where there is none. */
export function chromiumPath(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = [...folders.map((folder) => join(folder, 'chromium')), chromium.executablePath()]
  return paths.find((path) => existsSync(path)) ?? null
}
