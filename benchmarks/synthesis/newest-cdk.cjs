/** Has everything find the newest AWS CDK, where the oldest that is supported is installed, and what is built of our sources. */
const Module = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '../..');
const NEWEST = join(ROOT, 'test/newest/node_modules');
const resolveFilename = Module._resolveFilename;

Module._resolveFilename = function resolve(request, ...rest) {
  const isCdk = /^(aws-cdk-lib|constructs)(\/|$)/.test(request);
  const found = request === '../../src' ? join(ROOT, 'lib') : isCdk ? join(NEWEST, request) : request;
  return resolveFilename.call(this, found, ...rest);
};
