import { AccessTokenRefused } from '../modules/tokens/tokens.facade';
import { AccessTokenGuard } from './authentication.guard';
import { Refusal } from './errors';

describe('what comes of an access token', () => {
  const guard = new AccessTokenGuard();
  const answered = (error: unknown, user: unknown, info: unknown) => () => guard.handleRequest(error, user, info);
  const thrown = (attempt: () => unknown): unknown => {
    try {
      return attempt();
    } catch (error) {
      return error;
    }
  };

  it('is its user when it is good', () => {
    const user = { name: 'ann' };
    expect(answered(null, user, undefined)()).toBe(user);
  });

  it.each(['TOKEN_INVALID', 'TOKEN_EXPIRED'] as const)('is %s when that was found', (code) => {
    const refusal = thrown(answered(null, false, new AccessTokenRefused(code)));
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code });
  });

  it.each([
    ['there is none in the header', new Error('No auth token')],
    ['it stands for nobody', undefined],
  ])('is TOKEN_INVALID when %s', (_, info) => {
    expect(thrown(answered(null, false, info))).toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it.each([
    ['while it was verified', (failure: Error) => answered(null, false, failure)],
    ['while its user was looked up', (failure: Error) => answered(failure, false, undefined)],
  ])('is no judgement about it when something unforeseen happens %s', (_, attempt) => {
    const failure = new TypeError('a defect');
    expect(thrown(attempt(failure))).toBe(failure);
  });
});
