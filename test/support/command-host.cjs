// One process in which the built command line runs one command after another. Each finds its own words, variables,
// folder and standard input, and ends where it would end its process: at process.exit.
const asyncHooks = require('node:async_hooks');
const { createInterface } = require('node:readline');
const { Readable } = require('node:stream');
const { setImmediate: lastWords } = require('node:timers/promises');
require('./baseline-wasm.cjs');

const cli = process.argv[2];
const orders = createInterface({ input: process.stdin });
const standardError = process.stderr;
/** Unwinds what stands behind a process.exit. It has no words, as the command line would print them. */
const ENDED = new Error('');

/** Those that the command has made. One that has been used is asked about every promise, until it is disabled. */
const storages = new Set();
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...given) {
    super(...given);
    storages.add(this);
  }
};

/** Returns the exit code. */
function run({ words, variables, folder, input }) {
  return new Promise((resolve) => {
    process.argv = [process.execPath, cli, ...words];
    process.env = { ...variables };
    process.chdir(folder);
    Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([Buffer.from(input)]) });
    process.exitCode = undefined;
    process.exit = (code) => {
      resolve(code ?? process.exitCode ?? 0);
      throw ENDED;
    };
    delete require.cache[cli];
    require(cli);
  });
}

process.on('unhandledRejection', (error) => {
  if (error === ENDED) return;
  standardError.write(`${error.stack}\n`);
  process.kill(process.pid, 'SIGKILL');
});
// Every command listens to these.
process.stdout.setMaxListeners(0);
process.setMaxListeners(0);

orders.on('line', async (order) => {
  const code = await run(JSON.parse(order));
  await lastWords();
  for (const storage of storages) storage.disable();
  storages.clear();
  // Pipes are written at once, so this stands behind all that the command has said.
  standardError.write('\0');
  process.stdout.write(`\0${code}\0`);
});
