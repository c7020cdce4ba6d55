export { buildApp } from './build-app.js'
export { fixturePaths } from './fixtures.js'
