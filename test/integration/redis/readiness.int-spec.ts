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
