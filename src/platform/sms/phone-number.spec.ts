import { phoneNumberOf } from './phone-number';

const GERMAN = { e164: '+491701234578', callingCode: '49', masked: '+49 ••• 78' };

describe('a phone number', () => {
  it.each([
    '+491701234578',
    '+49 170 1234578',
    '+49 (170) 123-45-78',
    '+49 (0)170 1234578',
    '+49-170-1234578',
    ' +491701234578 ',
  ])('may be typed as %j', (typed) => {
    expect(phoneNumberOf(typed)).toEqual(GERMAN);
  });

  it.each([
    ['+1 202 555 0123', { e164: '+12025550123', callingCode: '1', masked: '+1 ••• 23' }],
    ['+44 7911 123456', { e164: '+447911123456', callingCode: '44', masked: '+44 ••• 56' }],
    ['+880 1712 345678', { e164: '+8801712345678', callingCode: '880', masked: '+880 ••• 78' }],
    // An Italian number keeps its zero.
    ['+39 06 12345678', { e164: '+390612345678', callingCode: '39', masked: '+39 ••• 78' }],
    ['+683 4000', { e164: '+6834000', callingCode: '683', masked: '+683 ••• 00' }],
  ])('of any country is one: %s', (typed, number) => {
    expect(phoneNumberOf(typed)).toEqual(number);
  });

  it('is one even in a range that nobody knows to be open', () => {
    expect(phoneNumberOf('+15555550100')?.e164).toBe('+15555550100');
  });

  it.each([
    ['nothing', ''],
    ['a plus', '+'],
    ['without a country', '0170 1234578'],
    ['with the prefix one dials', '0049 170 1234578'],
    ['too short for its country', '+1 202 555 012'],
    ['too long for its country', '+1 202 555 01234'],
    ['too long for any', `+49${'1'.repeat(14)}`],
    ['of six digits, which would look like a code', '+49 1234'],
    ['of no country', '+999 123456789'],
    ['with an extension', '+491701234578;ext=5'],
    ['with another number behind it', '+491701234578,+491701234579'],
    ['with letters', '+1 800 FLOWERS'],
    ['in other digits', '+٤٩١٧٠١٢٣٤٥٧٨'],
    ['over two lines', '+49170\n1234578'],
    ['with two pluses', '++491701234578'],
    ['of the net', 'tel:+491701234578'],
    ['as long as a book', `+49${' '.repeat(10_000)}1701234578`],
  ])('is none: %s', (_, typed) => {
    expect(phoneNumberOf(typed)).toBeNull();
  });

  it('read again is the same', () => {
    expect(phoneNumberOf(GERMAN.e164)).toEqual(GERMAN);
  });
});
