import { emailKey, masked } from './email-address';

describe('an e-mail address', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.Lee@EXAMPLE.com', 'ann.lee@example.com'],
  ])('is compared without its case: %s as %s', (address, key) => {
    expect(emailKey(address)).toBe(key);
  });

  it.each([
    ['ann.lee@example.com', 'a…@example.com'],
    ['a@example.com', 'a…@example.com'],
    ['"ann@home"@example.com', '"…@example.com'],
  ])('is shown to others as its first letter and its domain: %s as %s', (address, shown) => {
    expect(masked(address)).toBe(shown);
  });

  it('does not show how long its name is', () => {
    expect(masked('a@example.com')).toBe(masked(`a${'n'.repeat(60)}@example.com`));
  });
});
