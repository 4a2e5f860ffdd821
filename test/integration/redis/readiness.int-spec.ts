import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Outbox } from '../../../src/platform/mail/outbox';
import { aMail } from '../../support/a-mail';
import { eventually } from '../../support/gates';
import { freePort } from '../../support/postgres-server';
import { aService } from '../../support/service';

const readinessWith = async (variables: Readonly<Record<string, string>>, redis: string) => {
  const service = await aService({ variables });
  try {
    const ask = () => service.client.get('//health/ready');
    await eventually(`readiness reports redis ${redis}`, async () => {
      return (await ask()).text.includes(`"redis":"${redis}"`);
    });
    const { status, body } = await ask();
    return { status, body };
  } finally {
    await service.stop();
  }
};
const checks = { database: 'up', migrations: 'up', mail: 'not_configured' };

describe('readiness', () => {
  it('reports Redis up where it answers', async () => {
    const answer = await readinessWith({ REDIS_URL: process.env.TEST_REDIS_URL ?? '' }, 'up');
    expect(answer).toEqual({ status: 200, body: { status: 'ok', checks: { ...checks, redis: 'up' } } });
  });

  it('goes on, degraded, where Redis does not answer', async () => {
    const answer = await readinessWith({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }, 'down');
    expect(answer).toEqual({ status: 200, body: { status: 'degraded', checks: { ...checks, redis: 'down' } } });
  });

  it('asks for no Redis where none is configured', async () => {
    const answer = await readinessWith({}, 'not_configured');
    expect(answer).toEqual({ status: 200, body: { status: 'ok', checks: { ...checks, redis: 'not_configured' } } });
  });
});

describe('readiness with a mail server', () => {
  it('goes on, degraded, while mails do not leave, and heals', async () => {
    const service = await aService({ variables: { SMTP_URL: `smtp://127.0.0.1:${await freePort()}` } });
    try {
      const ask = async () => {
        service.clock.advance({ seconds: 5 });
        const { status, body } = await service.client.get('//health/ready');
        return { status, body: body as unknown };
      };
      const withMail = (mail: string) => ({ ...checks, redis: 'not_configured', mail });
      expect(await ask()).toEqual({ status: 200, body: { status: 'ok', checks: withMail('up') } });
      await service.app.get(UnitOfWork).run(() => service.app.get(Outbox).enqueue(aMail()));
      service.clock.advance({ seconds: 301 });
      expect(await ask()).toEqual({ status: 200, body: { status: 'degraded', checks: withMail('down') } });
      await service.source.query('DELETE FROM outbox');
      expect(await ask()).toMatchObject({ status: 200, body: { status: 'ok' } });
    } finally {
      await service.stop();
    }
  });
});
