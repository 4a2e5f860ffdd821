import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { GuessedAccount, networkNo } from '../../support/guessed-account';
import { PlainHasher } from '../../support/plain-hasher';

/** Networks an attacker has at hand. `npm run test:simulation` takes ten thousand of them. */
const ADDRESSES = Number(process.env.ADDRESSES ?? 200);
const HOURS = 24;
/** Each network guesses that often within the day. */
const GUESSES_EACH = 2;
const AT_ONCE = 16;
const PATIENCE_MS = 60_000 + ADDRESSES * 100;

describe(`an attacker with ${ADDRESSES} networks and a day`, () => {
  const hasher = new PlainHasher();
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ hasher, variables: { HASHING_QUEUE: '1000' } });
  });
  afterAll(() => context.stop());

  it(
    'has a hundred guesses at most, and the owner on a known device never notices',
    async () => {
      const account = await GuessedAccount.in(context);
      const deviceToken = await account.knownDevice();
      hasher.forget();
      const guesses = Array.from({ length: ADDRESSES * GUESSES_EACH }, (_, number) => number);
      const signIns: boolean[] = [];
      let opened = 0;
      for (let hour = 0; hour < HOURS; hour += 1) {
        const ofThisHour = guesses.filter((number) => number % HOURS === hour);
        for (let first = 0; first < ofThisHour.length; first += AT_ONCE) {
          const batch = ofThisHour.slice(first, first + AT_ONCE);
          const answers = await Promise.all(
            batch.map((number) => account.isOpenTo({ password: `guess ${number}`, ...networkNo(number % ADDRESSES) })),
          );
          opened += answers.filter(Boolean).length;
        }
        signIns.push(await account.isOpenTo({ deviceToken }));
        context.clock.advance({ seconds: 3600 });
      }
      const compared = hasher.compared.filter((password) => password !== PASSWORD).length;
      // eslint-disable-next-line no-console -- the figure is what one runs this for
      console.log(`${guesses.length} guesses from ${ADDRESSES} networks in ${HOURS} hours: ${compared} were compared`);
      expect(compared).toBeLessThanOrEqual(100);
      expect(signIns).toEqual(Array(HOURS).fill(true));
      expect(opened).toBe(0);
    },
    PATIENCE_MS,
  );
});
