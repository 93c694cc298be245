'use strict';

module.exports = require('../assets/secret-client/index.js');
