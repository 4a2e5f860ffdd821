import { KeptWarnings } from '../../../../test/support/a-provider';
import { TestClock } from '../../../../test/support/test-clock';
import {
  OutboundClient,
  OutboundFailed,
  type OutboundRequest,
} from '../../../platform/network/outbound/outbound-client';
import { ProviderAnswerRefused, ProviderUnavailable } from '../domain/errors';
import { ProviderCalls } from './provider-calls';

/** Answers each request with nothing, after so many seconds. */
class SlowOutbound extends OutboundClient {
  readonly allowedMs: number[] = [];

  constructor(
    private readonly clock: TestClock,
    private readonly seconds: number,
  ) {
    super();
  }

  fetch(_: string | URL, { timeoutMs }: OutboundRequest): Promise<Response> {
    this.allowedMs.push(timeoutMs);
    this.clock.advance({ seconds: this.seconds });
    return Promise.resolve(new Response(null, { status: 200 }));
  }
}

describe('what a provider is asked', () => {
  const clock = new TestClock();
  const log = new KeptWarnings();

  it('has less than five seconds for all its requests together', async () => {
    const outbound = new SlowOutbound(clock, 2);
    const asked = new ProviderCalls(outbound, clock, log).ask('acme', async (fetch) => {
      for (let request = 0; request < 5; request++) await fetch('https://login.example.com', {});
    });
    await expect(asked).rejects.toMatchObject({ why: 'TIMEOUT', retryAfterSeconds: 5 });
    expect(outbound.allowedMs).toEqual([4_500, 2_500, 500]);
  });

  it.each([
    [new OutboundFailed('ECONNREFUSED'), 'ECONNREFUSED'],
    [new ProviderUnavailable('NO_TOKEN'), 'NO_TOKEN'],
  ])('is on the log when nothing comes of it: %p', async (error, why) => {
    log.warnings.length = 0;
    const calls = new ProviderCalls(new SlowOutbound(clock, 0), clock, log);
    await expect(calls.ask('acme', () => Promise.reject(error))).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(log.warnings).toEqual([`The identity provider acme is unavailable: ${why}`]);
  });

  it('is not when it is answered, if with nothing that is believed', async () => {
    log.warnings.length = 0;
    const calls = new ProviderCalls(new SlowOutbound(clock, 0), clock, log);
    const refusal = new ProviderAnswerRefused('code_refused');
    await expect(calls.ask('acme', () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(log.warnings).toEqual([]);
  });
});
