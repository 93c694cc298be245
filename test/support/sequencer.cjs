const { default: Sequencer } = require('@jest/test-sequencer');

/** Rotations that are killed, cut or continued at every call take minutes, and mutants of the model check a good part of one. */
const LONG = /[/\\](killed|rotations|upgrade|mutants)[^/\\]*$/;

/** On a fresh clone nothing is known of times: the long ones first, so that the end does not wait for one of them alone. */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
