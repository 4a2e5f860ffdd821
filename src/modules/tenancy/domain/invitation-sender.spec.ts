import { senderName } from './invitation-sender';

const ANN = { firstName: 'Ann', lastName: 'Example', username: 'ann', email: 'ann@example.com' };

describe('the sender of an invitation is known', () => {
  it.each([
    ['by both names', ANN, 'Ann Example'],
    ['by the one name there is', { ...ANN, firstName: null }, 'Example'],
    ['by the username without names', { ...ANN, firstName: ' ', lastName: null }, 'ann'],
    ['by the address when there is nothing else', { ...ANN, firstName: '', lastName: null, username: null }, ANN.email],
  ])('%s', (_, user, name) => {
    expect(senderName(user)).toBe(name);
  });
});
