import { findingWords } from './audit-verify.views';

describe('what is wrong with the log', () => {
  it('is told without what an id says to the terminal', () => {
    const words = findingWords({ sequence: 3, eventId: '\u001b[2J', seal: 1, reason: 'altered' });
    expect(words).toBe('Event 3 (\\u001b[2J) is not as it was written.');
  });
});
