import { Injectable } from '@nestjs/common';
import { sha256 } from '../../../platform/crypto/sha256';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import { RequestContext } from '../../../platform/http/request-context';
import type { FinishInput } from '../application/finish/finish';
import type { Bearer } from '../domain/transaction';
import { OauthCookie } from './oauth-cookie';
import type { BrowserRequest } from './wishes';

type Traits = Pick<FinishInput, 'bearer' | 'caller' | 'client' | 'deviceToken'>;

/** Who brings the answer of a provider, and from where. */
@Injectable()
export class Returning {
  constructor(
    private readonly cookie: OauthCookie,
    private readonly device: DeviceCookie,
    private readonly context: RequestContext,
  ) {}

  byRedirect(request: BrowserRequest): Traits {
    return this.traits('redirect', request);
  }

  byPost(request: BrowserRequest): Traits {
    return this.traits('post', request);
  }

  private traits(by: Bearer['by'], request: BrowserRequest): Traits {
    const { origin, 'sec-fetch-site': site } = request.headers;
    const secret = this.cookie.secretOf(request);
    return {
      // A browser says where a request comes from, and no page can keep it from that.
      bearer: { by, browserHash: secret === null ? null : sha256(secret), isBrowser: (site ?? origin) !== undefined },
      caller: request.user ?? null,
      client: this.context.origin,
      deviceToken: this.device.tokenOf(request),
    };
  }
}
