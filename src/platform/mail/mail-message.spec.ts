import { messageOf } from './mail-message';

const ID = '0198c000-0000-7000-8000-000000000001';
const letter = { id: ID, to: 'ann@example.com', subject: 'S', text: 't', html: 'h', writtenAt: new Date(0) };

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
