import { type LinkingFacts, linkingOf } from './linking';

const BOTH = [true, false];
const every: LinkingFacts[] = ['ann@example.com', null].flatMap((email) =>
  BOTH.flatMap((emailProven) => [
    { email, emailProven, account: null },
    ...BOTH.flatMap((emailVerified) =>
      BOTH.map((hasOtherIdentity) => ({ email, emailProven, account: { emailVerified, hasOtherIdentity } })),
    ),
  ]),
);

/** What was decided, in a word, by what is to be known of it: address, proof, account. */
function expected({ email, emailProven, account }: LinkingFacts): string {
  const row = [
    email === null ? 'without' : emailProven ? 'proven' : 'claimed',
    account ? (account.emailVerified ? (account.hasOtherIdentity ? 'theirs, another' : 'theirs') : 'unproven') : 'none',
  ].join(' | ');
  return TABLE[row] ?? 'refuse address_missing';
}

const TABLE: Readonly<Record<string, string>> = {
  'claimed | none': 'register false',
  'claimed | unproven': 'refuse address_taken',
  'claimed | theirs': 'refuse address_taken',
  'claimed | theirs, another': 'refuse address_taken',
  'proven | none': 'register true',
  'proven | unproven': 'reclaim',
  'proven | theirs': 'link',
  'proven | theirs, another': 'refuse address_taken',
};

it.each(every.map((facts) => [expected(facts), facts] as const))('decides %s of %j', (word, facts) => {
  const decision = linkingOf(facts);
  const more = decision.kind === 'refuse' ? decision.reason : 'emailVerified' in decision ? decision.emailVerified : '';
  expect(`${decision.kind} ${more}`.trim()).toBe(word);
});
