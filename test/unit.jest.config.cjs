/** The tests that need no server: of every other one the name says so, and a test checks the names. */
const { availableParallelism } = require('node:os');
const { jest: all } = require('../package.json');

module.exports = {
  ...all,
  rootDir: '..',
  collectCoverage: false,
  // No server needs memory beside them, and a process that begins anew loads and compiles everything again.
  workerIdleMemoryLimit: '1500MB',
  // Some of them wait for servers that say nothing.
  maxWorkers: availableParallelism() * 2,
  // What is checked of the package needs it built: `npm test` does.
  testPathIgnorePatterns: [...all.testPathIgnorePatterns, '\\.server\\.test\\.ts$', '/test/package/'],
};
