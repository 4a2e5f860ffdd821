const { isBuiltin } = require('node:module');
const { isAbsolute } = require('node:path');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** What Jest gives to each file itself. */
const OF_JEST = ['@jest/globals', '@jest/expect', 'expect'];

const isPackage = (name) => !name.startsWith('.') && !isAbsolute(name) && !isBuiltin(name) && !OF_JEST.includes(name);

/**
 * Loads our own files anew for each test file, as Jest does, and packages once a worker, by Node's own `require`. For
 * the environment one-realm: of two realms, neither would know the classes of the other.
 */
class PackagesOnce extends Runtime {
  constructor(...given) {
    super(...given);
    const { executor } = this;
    if (!executor?.compile) throw new Error('Jest compiles files elsewhere: packages-once.runtime.cjs has to follow');
    // Jest would compile for a context, and the realm everything runs in is none.
    executor.compile = (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename });
  }

  requireModuleOrMock(from, name) {
    return isPackage(name) ? require(name) : super.requireModuleOrMock(from, name);
  }
}

module.exports = { __esModule: true, default: PackagesOnce };
