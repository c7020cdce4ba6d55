/**
 * For tests that need a tool which a machine may lack: says that it is missing on stderr, as the reason of a skip.
 *
 * @param notice what is missing, for which tests, and how to get it
 * @returns the notice
 * @throws Error with the notice where `CI=true`: there, what is not tested is a failure
 */
export function missingTool(notice: string): string {
  if (process.env.CI === 'true') throw new Error(notice)
  process.stderr.write(`Skipped: ${notice}\n`)
  return notice
}
