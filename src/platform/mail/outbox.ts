import type { Mail } from './mails';

/** Where mails are left to be sent once the running unit of work is committed, at least once, within about a day. */
export abstract class Outbox {
  /** Throws outside a unit of work. Rolled back with it: what did not happen is not told. */
  abstract enqueue(mail: Mail): Promise<void>;
}
