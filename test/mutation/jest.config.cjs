/** The tests that `npm run mutate` runs again and again: what is mutated, tested in memory. */
const unit = require('../unit.jest.config.cjs');

module.exports = {
  ...unit,
  rootDir: '../..',
  // Stryker runs several of these at the same time, in copies of the project.
  maxWorkers: 1,
  // Each change is tested by a run of its own, which would set up servers that nothing asks for.
  globalSetup: undefined,
  globalTeardown: undefined,
  testEnvironment: require.resolve('./environment.cjs'),
  testMatch: ['<rootDir>/test/handlers/{core,database}/**/*.test.ts', '<rootDir>/test/handlers/make-handler.test.ts'],
};
