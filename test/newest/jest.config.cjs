/** The tests of the constructs, run against the newest AWS CDK instead of the oldest that is supported. */
const { jest: oldest } = require('../../package.json');
const { reachOfTests } = require('../support/reach.cjs');

const constructs = [...reachOfTests()].filter(([, reached]) =>
  [...reached].some((name) => /^(aws-cdk-lib|constructs)(\/|$)/.test(name)),
);

module.exports = {
  ...oldest,
  rootDir: '../..',
  collectCoverage: false,
  testMatch: constructs.map(([file]) => `<rootDir>/${file}`),
  // Of the package there is one, built with the oldest; and commands that are processes of their own load the oldest.
  testPathIgnorePatterns: ['/node_modules/', '/test/package/', '/test/scripts/drill/command\\.'],
  moduleNameMapper: {
    ...oldest.moduleNameMapper,
    '^aws-cdk-lib(/.*)?$': '<rootDir>/test/newest/node_modules/aws-cdk-lib$1',
    '^constructs(/.*)?$': '<rootDir>/test/newest/node_modules/constructs$1',
    '^cdk-nag$': '<rootDir>/test/newest/node_modules/cdk-nag',
  },
};
