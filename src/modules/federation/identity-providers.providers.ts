import type { Provider } from '@nestjs/common';
import { OutboundClient } from '../../platform/network/outbound/outbound-client';
import { Log } from '../../platform/logging/log';
import { Clock } from '../../platform/time/clock';
import { Providers } from './application/providers/providers.port';
import { ConfiguredProviders } from './infrastructure/configured-providers';
import { ProviderCalls } from './infrastructure/provider-calls';

/** Whom people may sign in with. */
export const identityProviders: Provider[] = [
  {
    provide: ProviderCalls,
    inject: [OutboundClient, Clock, Log],
    useFactory: (outbound: OutboundClient, clock: Clock, log: Log): ProviderCalls =>
      new ProviderCalls(outbound, clock, log),
  },
  { provide: Providers, useClass: ConfiguredProviders },
];
