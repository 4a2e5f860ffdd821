import { listedDetails } from './listed-details';

describe('the details of an event', () => {
  it('are what the catalogue lists for its action', () => {
    expect(listedDetails('user.locked', { scope: 'source', failures: 5 })).toEqual({ scope: 'source', failures: 5 });
  });

  it.each(['address', 'email', 'constructor', 'left'])('are nothing else, such as %s', (name) => {
    expect(listedDetails('user.locked', { scope: 'source', [name]: 'x' })).toEqual({ scope: 'source' });
  });

  it.each(['user.unheard_of', 'constructor', ''])('are none of an action that is none: %s', (action) => {
    expect(listedDetails(action, { reason: 'so' })).toEqual({});
  });
});
