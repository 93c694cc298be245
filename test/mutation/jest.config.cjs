/** The tests that `npm run mutate` runs again and again: what is mutated, tested in memory. */
const unit = require('../unit.jest.config.cjs');

module.exports = {
  ...unit,
  rootDir: '../..',
  // Stryker runs several of these at the same time, in copies of the project.
  maxWorkers: 1,
  testEnvironment: require.resolve('./environment.cjs'),
  testMatch: ['<rootDir>/test/handlers/{core,database}/**/*.test.ts', '<rootDir>/test/handlers/make-handler.test.ts'],
};
