import { isUuid } from '../../../kernel/ids';

declare const brand: unique symbol;

export type InvitationId = string & { readonly [brand]: 'InvitationId' };

/** Text becomes the id of an invitation here and nowhere else. Throws TypeError when it is no UUID. */
export function invitationId(text: string): InvitationId {
  if (!isUuid(text)) throw new TypeError('Not the id of an invitation');
  return text.toLowerCase() as InvitationId;
}
