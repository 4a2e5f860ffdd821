import type { PasswordHasher } from '../../src/modules/identity/application/passwords/password-hasher.port';

/**
 * Lets a hasher do each piece of work once: a password is hashed, and compared with the same hash, the first time it is
 * seen and remembered afterwards. For suites that send one password very often and whose subject is not how slow that is.
 */
export function hashOnce(hasher: PasswordHasher): void {
  Object.assign(hasher, {
    hash: remembered(hasher.hash.bind(hasher)),
    verify: remembered(hasher.verify.bind(hasher)),
    verifyNothing: remembered(hasher.verifyNothing.bind(hasher)),
  });
}

function remembered<Result>(work: (...texts: string[]) => Promise<Result>): (...texts: string[]) => Promise<Result> {
  const done = new Map<string, Promise<Result>>();
  return (...texts) => {
    const of = JSON.stringify(texts);
    const known = done.get(of) ?? work(...texts);
    done.set(of, known);
    // What was refused for want of room was not done.
    known.catch(() => done.delete(of));
    return known;
  };
}
