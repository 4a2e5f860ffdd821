import { PasswordHasher } from '../../src/modules/identity/application/passwords/password-hasher.port';
import type { Gate } from './gates';

const PREFIX = 'plain:';

/** What the hasher would store of a password. */
export const plainHash = (password: string): string => PREFIX + password;

/** Passwords as they are: quick, and it keeps which of them were compared with one that is stored. */
export class PlainHasher extends PasswordHasher {
  readonly maxBytes = null;
  /** The passwords compared with stored ones, in their order. */
  readonly compared: string[] = [];
  /** How many passwords were compared with nothing. */
  comparedWithNothing = 0;
  private hold: { readonly gate: Gate; readonly passwords: (password: string) => boolean } | null = null;
  private failure: Error | null = null;

  hash(password: string): Promise<string> {
    return Promise.resolve(plainHash(password));
  }

  async verify(stored: string, password: string): Promise<boolean> {
    const { failure } = this;
    this.failure = null;
    if (failure) throw failure;
    this.compared.push(password);
    await this.held(password);
    return stored === plainHash(password);
  }

  async verifyNothing(password: string): Promise<void> {
    this.comparedWithNothing += 1;
    await this.held(password);
  }

  isCurrent(): boolean {
    return true;
  }

  /** No comparison of such passwords comes to its end before the gate is opened. */
  holdAt(gate: Gate, passwords: (password: string) => boolean = () => true): void {
    this.hold = { gate, passwords };
  }

  /** The next comparison does not take place. */
  failOnce(failure: Error): void {
    this.failure = failure;
  }

  forget(): void {
    this.compared.length = 0;
    this.comparedWithNothing = 0;
    this.hold = null;
  }

  private async held(password: string): Promise<void> {
    if (this.hold?.passwords(password) === true) await this.hold.gate.opened;
  }
}
