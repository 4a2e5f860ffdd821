import type { KeptMessage } from '../outbox/outbox-table';
import type { Mail, MailTemplate } from './mails';

/** That there is a mail, and nothing of what it says. */
export type KeptMail = KeptMessage & { readonly template: MailTemplate };

/** Where mails are left to be sent once the running unit of work is committed, at least once, and at once if they can be. */
export abstract class Outbox {
  /** Throws outside a unit of work. Rolled back with it: what did not happen is not told. */
  abstract enqueue(mail: Mail): Promise<void>;

  /**
   * Removes all that is kept of mails to an address, its case aside: waiting, given up and sent. A letter that a mail
   * server is being given at this moment may still arrive; nothing of it is kept. Throws outside a unit of work.
   * Mails left by a version that did not know recipients are not found; nor are those of another MASTER_KEY.
   */
  abstract forget(address: string): Promise<void>;

  /** What `forget` would remove, oldest first. */
  abstract keptOf(address: string): Promise<readonly KeptMail[]>;
}
