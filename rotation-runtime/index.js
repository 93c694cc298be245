'use strict';

module.exports = require('../assets/rotation-runtime/index.js');
