import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * The test configuration of one workspace package: sources of the other rooms are taken through the
 * `@card/source` export condition, so tests run without a build. With `CARD_TEST_REPORTS` set to a folder,
 * a JSON report named after the package (and `CARD_TEST_SUITE`, where a part of its tests runs once more) is written there for the closing count of `.ci/run`.
 *
 * JavaScript, because a package's configuration imports it before anything can strip types.
 *
 * @param {string} name
 * @param {import('vitest/config').ViteUserConfig['test']} [overrides]
 * @returns {import('vitest/config').ViteUserConfig}
 */
export function cardTests(name, overrides = {}) {
  const reports = process.env.CARD_TEST_REPORTS
  const suite = process.env.CARD_TEST_SUITE
  const report = [name.replace(/^@card\//, ''), ...(suite === undefined ? [] : [suite])].join('-')
  // Setting conditions replaces the defaults of the test runner's server, so they are repeated here.
  const conditions = ['@card/source', 'module', 'node', 'development|production']
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // What is waited for comes soon, but no promise of ours says that it takes no more than a second.
      expect: { poll: { timeout: 60_000 } },
      reporters: reports === undefined ? ['default'] : ['default', 'json'],
      ...(reports === undefined ? {} : { outputFile: { json: join(reports, `${report}.json`) } }),
      ...overrides,
    },
  })
}
