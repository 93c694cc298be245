// What `npm run mutate` changes, and what has to notice.
export default {
  testRunner: 'jest',
  jest: { configFile: 'test/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  mutate: ['handlers/core/**/*.ts', 'handlers/database/**/*.ts'],
  ignorePatterns: ['.servers', 'assets', 'cdk.out', 'coverage', 'dist', 'docs', 'examples', 'lib', '.demo'],
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: '.servers/results/mutation.json' },
  tempDirName: '.servers/mutation',
  concurrency: 2,
  // What Jest keeps of each run makes the next one slower.
  maxTestRunnerReuse: 25,
  // A run takes a second: what takes longer by this has come to a stop.
  timeoutMS: 8_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
