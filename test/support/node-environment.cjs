/**
 * The environment of the tests: that of Jest, with a way to what is loaded once for all test files of a process.
 *
 * Jest notes in an `AsyncLocalStorage` which test runs. Until Node.js 24 each promise costs more while there is one, and visits
 * all that were ever used. Tests that run one after the other do not need it: a variable says the same.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');
require('./compile-once.cjs');

const { run, getStore } = AsyncLocalStorage.prototype;
const used = new Set();
const running = new WeakMap();
let concurrent = false;

/** What Jest notes is known by what it holds. */
const isOfJest = (noted) => typeof noted === 'object' && noted !== null && ('test' in noted || 'describeBlock' in noted);

AsyncLocalStorage.prototype.run = function (noted, work, ...given) {
  if (concurrent || !isOfJest(noted)) {
    used.add(this);
    return run.call(this, noted, work, ...given);
  }
  const before = running.get(this);
  const restore = () => running.set(this, before);
  running.set(this, noted);
  const done = work(...given);
  done.then(restore, restore);
  return done;
};

AsyncLocalStorage.prototype.getStore = function () {
  return getStore.call(this) ?? running.get(this);
};

module.exports = class extends TestEnvironment {
  constructor(...options) {
    super(...options);
    this.global.requireOnce = require;
  }

  handleTestEvent({ name }) {
    concurrent = name === 'concurrent_tests_start' || (concurrent && name !== 'concurrent_tests_end');
  }

  async teardown() {
    await super.teardown();
    used.forEach((storage) => storage.disable());
    used.clear();
  }
};
