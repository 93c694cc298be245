/** The environment of the tests: that of Jest, with a way to what is loaded once for all test files of a process. */
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  constructor(...options) {
    super(...options);
    this.global.requireOnce = require;
  }
};
