import { createTransport } from 'nodemailer';
import { messageOf } from './mail-message';
import type { MailBrand } from './mails';

const ID = '0198c000-0000-7000-8000-000000000001';
const letter = {
  id: ID,
  to: 'ann@example.com',
  brand: null,
  subject: 'S',
  text: 't',
  html: 'h',
  writtenAt: new Date(0),
};

describe('a message', () => {
  it.each([
    ['https://auth.example.com', 'auth.example.com'],
    ['http://localhost:3000', 'localhost'],
    ['https://example.com:8443/auth', 'example.com'],
    ['http://[::1]:3000', '[::1]'],
  ])('of the service at %s has a Message-ID of %s', (publicUrl, host) => {
    expect(messageOf(letter, 'a@b', publicUrl).messageId).toBe(`<${ID}@${host}>`);
  });

  it('goes to one address, whatever that looks like', () => {
    const { to } = messageOf({ ...letter, to: 'ann@example.com, eve@example.com' }, 'a@b', 'http://localhost');
    expect(to).toEqual({ name: '', address: 'ann@example.com, eve@example.com' });
  });

  it('is the same each time it is made', () => {
    expect(messageOf(letter, 'a@b', 'http://x')).toEqual(messageOf(letter, 'a@b', 'http://x'));
    expect(messageOf(letter, 'a@b', 'http://x').date).toEqual(letter.writtenAt);
  });
});

describe('the sender of a message', () => {
  const FROM = '"The Door, Inc." <door@example.com>';
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  /** The lines of the head that begin a header, and to whom bounces go. */
  const composed = async (brand: MailBrand | null) => {
    const { message, envelope } = await composer.sendMail(messageOf({ ...letter, brand }, FROM, 'http://localhost'));
    const [head = ''] = (message as Buffer).toString().split('\r\n\r\n');
    const headers = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
    return { from: headers.filter((line) => /^from:/i.test(line)), headers, bouncesTo: envelope.from };
  };

  it.each<[string, MailBrand | null, string, string]>([
    ['that of the settings', null, 'From: "The Door, Inc." <door@example.com>', 'door@example.com'],
    [
      'that of the settings for an empty brand',
      { name: null, sender: null },
      'From: "The Door, Inc." <door@example.com>',
      'door@example.com',
    ],
    [
      "the tenant's name at our address",
      { name: 'Acme', sender: null },
      'From: Acme <door@example.com>',
      'door@example.com',
    ],
    [
      "our name at the tenant's address",
      { name: null, sender: 'hello@acme.example' },
      'From: "The Door, Inc." <hello@acme.example>',
      'hello@acme.example',
    ],
    [
      "the tenant's name and address",
      { name: 'Acme', sender: 'hello@acme.example' },
      'From: Acme <hello@acme.example>',
      'hello@acme.example',
    ],
  ])('is %s', async (_, brand, from, bouncesTo) => {
    expect(await composed(brand)).toMatchObject({ from: [from], bouncesTo });
  });

  it.each([
    ['Acme\r\nBcc: eve@example.com', 'From: "Acme Bcc: eve@example.com" <door@example.com>'],
    ['Acme" <eve@example.com>', 'From: "Acme\\" <eve@example.com>" <door@example.com>'],
    ['Acme <eve@example.com>, Bob', 'From: "Acme <eve@example.com>, Bob" <door@example.com>'],
    ['Żółw & Söhne', 'From: =?UTF-8?Q?=C5=BB=C3=B3=C5=82w_=26_S=C3=B6hne?= <door@example.com>'],
    ['Acme\u202Emoc.elpmaxe', 'From: "Acme moc.elpmaxe" <door@example.com>'],
    ['\u2028', 'From: door@example.com'],
  ])('is one, and ours, with the name %j', async (name, from) => {
    const { from: found, headers, bouncesTo } = await composed({ name, sender: null });
    expect([found, bouncesTo]).toEqual([[from], 'door@example.com']);
    expect(headers.filter((line) => /^bcc/i.test(line))).toEqual([]);
  });

  it.each([
    '',
    'acme',
    'a@acme.example, eve@example.com',
    'Acme <a@acme.example>',
    'a@acme.example\r\nBcc: eve@example.com',
    '"a b"@acme.example',
    'a@b@acme.example',
  ])('is at our address where the tenant has written %j', async (sender) => {
    const found = await composed({ name: 'Acme', sender });
    expect(found).toMatchObject({ from: ['From: Acme <door@example.com>'], bouncesTo: 'door@example.com' });
  });
});
