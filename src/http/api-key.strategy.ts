import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import type { Principal } from '../kernel/principal';
import { ApiKeysFacade } from '../modules/tokens/api-keys.facade';
import type { DoorwardRequest } from '../platform/http/request';
import { RequestContext } from '../platform/http/request-context';

const HEADER = 'x-api-key';

/** API keys, in either of the headers they may come in. */
@Injectable()
export class ApiKeyStrategy extends PassportStrategy(HeaderAPIKeyStrategy, 'api-key') {
  constructor(
    private readonly keys: ApiKeysFacade,
    private readonly context: RequestContext,
  ) {
    super({ header: HEADER, prefix: '' }, false);
  }

  /** The library reads one header; a key that came as a bearer token is handed to it in that one. */
  override authenticate({ headers }: Pick<DoorwardRequest, 'headers'>, options?: object): void {
    const key = headers[HEADER] ?? headers.authorization?.replace(/^bearer\s+/i, '');
    // Its types want a whole Express request, of which it reads the headers.
    super.authenticate(
      { headers: { [HEADER]: key } } as unknown as Parameters<HeaderAPIKeyStrategy['authenticate']>[0],
      options,
    );
  }

  /** Returns false, which is a refusal, when the text is no key, or the key is no longer in force or not good from there. */
  async validate(presented: string): Promise<Principal | false> {
    return (await this.keys.authenticate(presented, this.context.origin.ipAddress)) ?? false;
  }
}
