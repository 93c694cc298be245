/** The tests of the constructs, run against the newest AWS CDK instead of the oldest that is supported. */
const { jest: oldest } = require('../../package.json');

module.exports = {
  ...oldest,
  rootDir: '../..',
  collectCoverage: false,
  testPathIgnorePatterns: [...oldest.testPathIgnorePatterns, '/test/handlers/', '/test/servers/', '/test/package/'],
  moduleNameMapper: {
    ...oldest.moduleNameMapper,
    '^aws-cdk-lib(/.*)?$': '<rootDir>/test/newest/node_modules/aws-cdk-lib$1',
    '^constructs(/.*)?$': '<rootDir>/test/newest/node_modules/constructs$1',
  },
};
