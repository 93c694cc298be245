/** The environment of the tests, which tells Stryker which test reaches which mutant. */
const { mixinJestEnvironment } = require('@stryker-mutator/jest-runner');
const Environment = require('../support/node-environment.cjs');

module.exports = mixinJestEnvironment(Environment);
