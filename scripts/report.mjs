// Adds up what the test runs counted.
import { readFileSync } from 'node:fs';

const runs = ['oldest', 'newest'].map((name) => JSON.parse(readFileSync(`.servers/results/${name}.json`, 'utf8')));
const total = (key) => runs.reduce((sum, run) => sum + run[key], 0);
console.log(`${total('numPassedTests')} passed, ${total('numFailedTests')} failed, ${total('numPendingTests')} skipped`);
