export { buildApp } from './build-app.js'
export { fixturePaths } from './fixtures.js'
export { type MeasuredStreams, measuredRun, median, type Usage } from './measured-run.js'
export { missingTool } from './missing-tool.js'
