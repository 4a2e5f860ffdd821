import type { Mail } from '../../src/platform/mail/mails';

export function aMail(to = 'ann@example.com'): Mail {
  const facts = { at: '2026-01-01T00:00:00.000Z', device: 'Firefox on Linux', address: '203.0.113.7' };
  return { to, template: 'session-ended', facts };
}
