/**
 * Loaded before a bundle: sends what is for AWS to `TEST_AWS`, as the bundle has signed it, for the endpoints of some services
 * are in the code alone.
 */
const http = require('node:http');
const https = require('node:https');

const { hostname, port } = new URL(process.env.TEST_AWS);
const { request } = https;

// Bundles say where to as a URL with options, and former ones as options alone.
https.request = (...to) => {
  const options = to[0] instanceof URL ? { ...to[1], hostname: to[0].hostname } : to[0];
  return /\.amazonaws\.com$/.test(options.hostname)
    ? http.request({ ...options, agent: undefined, hostname, port })
    : request(...to);
};
