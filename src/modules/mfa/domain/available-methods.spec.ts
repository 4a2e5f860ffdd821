import { userId } from '../../../kernel/ids';
import { availableMethods, type Enrolment } from './available-methods';
import { FactorGuesses } from './factor-guesses';
import { METHODS } from './method';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const LATER = new Date('2026-01-01T00:00:00.001Z');
const USER = userId('01890a5d-ac96-774b-bcce-b302099a8057');
const all: Enrolment = {
  factors: [
    { type: 'email', heldUntil: null },
    { type: 'totp', heldUntil: null },
    { type: 'sms', heldUntil: null },
  ],
  backupCodes: 1,
  guesses: FactorGuesses.none(USER),
};

describe('what a second factor may be shown by', () => {
  it('is all that is enrolled, in the order in which it is offered', () => {
    expect(availableMethods(all, METHODS, NOW)).toEqual(['totp', 'sms', 'email', 'backup_codes']);
  });

  it.each<[string, Partial<Enrolment>, readonly string[]]>([
    ['nothing where nothing is enrolled', { factors: [] }, []],
    ['no backup code where none is left', { backupCodes: 0 }, ['totp', 'sms', 'email']],
    [
      'no factor that is held',
      { factors: [...all.factors.slice(1), { type: 'email', heldUntil: LATER }] },
      ['totp', 'sms', 'backup_codes'],
    ],
    ['one whose time to be held is over', { factors: [{ type: 'email', heldUntil: NOW }] }, ['email', 'backup_codes']],
    [
      'no method that was stopped',
      { guesses: FactorGuesses.restore({ userId: USER, recent: [], failures: {}, stopped: { totp: NOW, sms: NOW } }) },
      ['email', 'backup_codes'],
    ],
    [
      'a backup code where all else is stopped',
      {
        factors: [{ type: 'totp', heldUntil: null }],
        guesses: FactorGuesses.restore({ userId: USER, recent: [], failures: {}, stopped: { totp: NOW } }),
      },
      ['backup_codes'],
    ],
  ])('is %s', (_, change, expected) => {
    expect(availableMethods({ ...all, ...change }, METHODS, NOW)).toEqual(expected);
  });

  it('is nothing that is not offered', () => {
    expect(availableMethods(all, ['totp'], NOW)).toEqual(['totp']);
  });
});
