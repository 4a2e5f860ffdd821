const asyncHooks = require('node:async_hooks');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
require('./baseline-wasm.cjs');

/** Those that the file under test has made. */
const storages = new Set();

/** A storage that has been used once is asked about every promise of its process, until it is disabled. */
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...given) {
    super(...given);
    storages.add(this);
  }
};

/**
 * The globals of a test file are those of its worker: what packages make, which are loaded outside of every file, is
 * then an Array, a Date, an Error to the file too. What a file changes of them is taken back after it.
 */
module.exports = class OneRealm {
  constructor({ projectConfig: config }) {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
    this.before = {
      globals: ownOf(globalThis),
      process: ownOf(process),
      errors: ownOf(Error),
      env: { ...process.env },
    };
  }

  async setup() {}

  async teardown() {
    const { globals, process: ofProcess, errors, env } = this.before;
    this.fakeTimersModern.dispose();
    for (const storage of storages) storage.disable();
    storages.clear();
    // With the globals go the stores of decorated classes that typeorm and class-validator keep there.
    restore(globalThis, globals);
    restore(Error, errors);
    // The rest of it counts listeners.
    restore(process, ofProcess, ({ value }) => typeof value === 'function');
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
  }

  /** The realm is no context of its own: see packages-once.runtime.cjs. */
  getVmContext() {
    return globalThis;
  }
};

function ownOf(object) {
  return new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]));
}

function restore(object, before, concerns = () => true) {
  for (const [key, now] of ownOf(object)) {
    const then = before.get(key);
    const isAsBefore = now.value === then?.value && now.get === then?.get && now.set === then?.set;
    if (!now.configurable || (then && isAsBefore) || !concerns(now)) continue;
    if (then) Object.defineProperty(object, key, then);
    else delete object[key];
  }
}
