import { maskedAddress } from './masked-address';

describe('an address as a label', () => {
  it.each([
    ['ann@example.com', 'a•••@example.com'],
    ['a@example.com', 'a•••@example.com'],
    ['ann.smith+mfa@mail.example.co.uk', 'a•••@mail.example.co.uk'],
    ['"a@b"@example.com', '"•••@example.com'],
    ['😀nn@example.com', '😀•••@example.com'],
  ])('shows of %s no more than its first letter and its domain', (address, label) => {
    expect(maskedAddress(address)).toBe(label);
  });

  it('fits into the column, however long the address is', () => {
    expect(maskedAddress(`ann@${'x'.repeat(250)}`).length).toBeLessThanOrEqual(100);
  });
});
