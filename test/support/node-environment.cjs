/**
 * The environment of the tests: that of Jest, with a way to what is loaded once for all test files of a process.
 *
 * Jest makes an `AsyncLocalStorage` for each test file and leaves it enabled, and until Node.js 24 every promise visits each of
 * them: after a hundred files in a process, a test that awaits much would take twenty times as long.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const enabled = new Set();
const { run } = AsyncLocalStorage.prototype;

AsyncLocalStorage.prototype.run = function (...given) {
  enabled.add(this);
  return run.apply(this, given);
};

module.exports = class extends TestEnvironment {
  constructor(...options) {
    super(...options);
    this.global.requireOnce = require;
  }

  async teardown() {
    await super.teardown();
    enabled.forEach((storage) => storage.disable());
    enabled.clear();
  }
};
