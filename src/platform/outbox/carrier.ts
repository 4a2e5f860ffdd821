import type { Channel } from './channel';
import type { DeliveryFailure } from './delivery-failure';
import type { SealedMessage } from './outbox-table';

/** How messages of one channel are opened, put into words, and handed to whoever takes them away. */
export type Carrier = {
  readonly channel: Channel;
  /** What operators read in the log: `{ one: 'mail', many: 'Mails', server: 'the mail server' }`. */
  readonly words: { readonly one: string; readonly many: string; readonly server: string };
  /** Returns whether anybody got it: a message may be to nobody. Throws when it is not in other hands. */
  carry(message: SealedMessage & { readonly createdAt: Date }): Promise<boolean>;
  /** What it means that `carry` threw. */
  failureOf(error: unknown): DeliveryFailure;
};
