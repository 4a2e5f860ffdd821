const { default: Sequencer } = require('@jest/test-sequencer');

// Suites that start processes, hash passwords or race for long, the longest first. Where nothing is known of an earlier
// run, as in a fresh clone, Jest goes by the size of the files, and then one of these is what everybody waits for.
const LONG = [
  'one-answer',
  'command-line',
  'first-start',
  'signing-key-rotation',
  'crash',
  'hostile-input',
  'two-replicas-revocation',
  'two-replicas-refresh',
  'refresh-storm',
  'outbox',
  'unlock',
  'signing-keys',
  'swagger-ui',
];

const nameOf = ({ path }) => /([^/\\]+)\.(?:e2e|int)-spec\.ts$/.exec(path)?.[1];

/** The long suites first, the others in the order Jest would have them. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const long = LONG.flatMap((name) => sorted.filter((test) => nameOf(test) === name));
    return [...long, ...sorted.filter((test) => !long.includes(test))];
  }
};
