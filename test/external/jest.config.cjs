/** The suite of all engines on a server that was there before: `external-server.ts` says how it is named. */
const { jest: all } = require('../../package.json');

module.exports = {
  ...all,
  rootDir: '../..',
  collectCoverage: false,
  testMatch: ['<rootDir>/test/external/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
