import { appBuild } from '../../tools/run/app-build.js'

export default appBuild({
  main: 'src/main.ts',
  'count-topics': 'src/count-topics.ts',
  'explain-command': 'src/explain/explain-command.ts',
  'config-command': 'src/settings/config-command.ts',
  'scan-thread': 'src/threads/scan-thread.ts',
})
