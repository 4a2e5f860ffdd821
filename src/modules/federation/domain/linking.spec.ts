import { type LinkingFacts, linkingOf } from './linking';

const BOTH = [true, false];
const every: LinkingFacts[] = BOTH.flatMap((known) =>
  BOTH.flatMap((hasAddress) =>
    BOTH.flatMap((addressProven) => [
      { known, hasAddress, addressProven, account: null },
      ...BOTH.flatMap((emailVerified) =>
        BOTH.map((hasOtherIdentity) => ({
          ...{ known, hasAddress, addressProven },
          account: { emailVerified, hasOtherIdentity },
        })),
      ),
    ]),
  ),
);

/** What was decided, in a word, by what is to be known of it: identity, address, proof, account. */
function expected({ known, hasAddress, addressProven, account }: LinkingFacts): string {
  const row = [
    known ? 'known' : 'new',
    hasAddress ? (addressProven ? 'proven' : 'claimed') : 'without',
    account ? (account.emailVerified ? (account.hasOtherIdentity ? 'theirs, another' : 'theirs') : 'unproven') : 'none',
  ].join(' | ');
  return TABLE[row] ?? 'enter';
}

const TABLE: Readonly<Record<string, string>> = {
  'new | without | none': 'refuse address_missing',
  'new | without | unproven': 'refuse address_missing',
  'new | without | theirs': 'refuse address_missing',
  'new | without | theirs, another': 'refuse address_missing',
  'new | claimed | none': 'register false',
  'new | claimed | unproven': 'refuse address_taken',
  'new | claimed | theirs': 'refuse address_taken',
  'new | claimed | theirs, another': 'refuse address_taken',
  'new | proven | none': 'register true',
  'new | proven | unproven': 'reclaim',
  'new | proven | theirs': 'link',
  'new | proven | theirs, another': 'refuse address_taken',
};

it.each(every.map((facts) => [expected(facts), facts] as const))('decides %s of %j', (word, facts) => {
  const decision = linkingOf(facts);
  const more = decision.kind === 'refuse' ? decision.reason : 'emailVerified' in decision ? decision.emailVerified : '';
  expect(`${decision.kind} ${more}`.trim()).toBe(word);
});
