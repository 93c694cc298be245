/** The tests of the constructs, run against the newest AWS CDK instead of the oldest that is supported. */
const { jest: oldest } = require('../../package.json');

/** Needs a newer AWS CDK than the oldest. */
const NEWEST_ONLY = '/test/compliance/';
const ignoredByBoth = oldest.testPathIgnorePatterns.filter((pattern) => pattern !== NEWEST_ONLY);

module.exports = {
  ...oldest,
  rootDir: '../..',
  collectCoverage: false,
  testPathIgnorePatterns: [...ignoredByBoth, '/test/attacks/', '/test/handlers/', '/test/servers/', '/test/package/'],
  moduleNameMapper: {
    ...oldest.moduleNameMapper,
    '^aws-cdk-lib(/.*)?$': '<rootDir>/test/newest/node_modules/aws-cdk-lib$1',
    '^constructs(/.*)?$': '<rootDir>/test/newest/node_modules/constructs$1',
    '^cdk-nag$': '<rootDir>/test/newest/node_modules/cdk-nag',
  },
};
