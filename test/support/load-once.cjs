const { createHash } = require('node:crypto');

/**
 * Loads a module that is large, such as the AWS CDK, once for all test files of a process, and outside of Jest's context, where
 * it is slow.
 */
module.exports = {
  process: (_source, file) => ({ code: `module.exports = requireOnce(${JSON.stringify(file)});` }),
  getCacheKey: (_source, file) => createHash('sha256').update(file).digest('hex'),
};
