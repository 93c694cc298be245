/**
 * Loaded before a bundle: sends what is for AWS to `TEST_AWS`, as the bundle has signed it, for the endpoints of some services
 * are in the code alone.
 */
const http = require('node:http');
const https = require('node:https');

const { hostname, port } = new URL(process.env.TEST_AWS);
const { request } = https;

https.request = (options, ...rest) => /\.amazonaws\.com$/.test(options.hostname)
  ? http.request({ ...options, agent: undefined, hostname, port }, ...rest)
  : request(options, ...rest);
