import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TemplateMissing } from '../mail/mail-words';
import { SmsTexts } from './sms-texts';
import { type Text, TEXT_TEMPLATES } from './text-messages';

const CODES = /(?<!\d)\d{6}(?!\d)/g;
/** GSM 03.38, without the letters that count twice. */
const ONE_PLACE_EACH = /^[A-Za-z0-9 @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,./:;<=>?¡ÄÖÑÜ§¿äöñüà-]*$/;

describe('the text of a code', () => {
  const texts = new SmsTexts();
  const code = (brand: string | null, minutes = 5): string =>
    texts.render({ template: 'code', facts: { code: '048213', minutes, brand } });

  it('says the code first, whose it is, how long it is good, and to tell nobody', () => {
    expect(code(null)).toBe('048213 is your Doorward code. It is good for 5 minutes. Tell nobody.');
    expect(code('Acme')).toBe('048213 is your Acme code. It is good for 5 minutes. Tell nobody.');
    expect(code('Acme', 1)).toContain('It is good for 1 minute. ');
  });

  it.each([
    ['Müller & Söhne', 'Müller Söhne'],
    ['Dvořák’s Łódź', "Dvorak's Łodz"],
    ['Ünïcødé', 'Ünicødé'],
    ['Банк', 'Банк'],
    ['  A\u0000\u202e\nB\t ', 'A B'],
    ['🚪', 'Doorward'],
    ['***', 'Doorward'],
    ['', 'Doorward'],
    ['123456 Ltd', '123 456 Ltd'],
    ['https://evil.example/x', 'https: evil. example x'],
    ['{{code}}', 'code'],
    ['W'.repeat(200), 'W'.repeat(40)],
  ])('names %j as %j', (brand, named) => {
    expect(code(brand)).toBe(`048213 is your ${named} code. It is good for 5 minutes. Tell nobody.`);
  });

  it.each(['Acme', 'Müller', 'Dvořák’s', 'W'.repeat(200), '987654 and 1234567890'])(
    'fits into one message, with no other digits that look like the code: %s',
    (brand) => {
      expect(code(brand, 10)).toMatch(ONE_PLACE_EACH);
      expect(code(brand, 10).length).toBeLessThanOrEqual(160);
      expect(code(brand, 10).match(CODES)).toEqual(['048213']);
    },
  );
});

it('there is a text for each text message, and no other', () => {
  const files = readdirSync(join(__dirname, '..', '..', 'texts', 'en'));
  expect(files.sort()).toEqual(TEXT_TEMPLATES.map((template) => `${template}.hbs`).sort());
  const unknown = { template: 'from-a-later-version', facts: {} } as unknown as Text;
  expect(() => new SmsTexts().render(unknown)).toThrow(TemplateMissing);
});
