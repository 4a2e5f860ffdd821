// Suites with servers start applications and hash passwords; on a small machine under load that takes its time.
jest.setTimeout(60_000);
