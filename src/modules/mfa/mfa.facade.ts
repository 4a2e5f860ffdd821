import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';

/** All that the rest of the system may ask about second factors. */
@Injectable()
export class MfaFacade {
  /** The kinds of factor a user has enrolled. There is no way to enrol one yet, so everybody has none. */
  methodsOf(_user: UserId): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}
