import { appBuild } from '../../tools/run/app-build.js'

export default appBuild({ main: 'src/main.ts', 'scan-thread': 'src/threads/scan-thread.ts' })
