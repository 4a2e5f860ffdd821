import { Injectable } from '@nestjs/common';
import { DeviceCookie } from '../../../platform/http/device-cookie';
import type { PageFacts } from '../../../platform/http/page-facts';
import { type PageReply, Pages } from '../../../platform/http/pages';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply, DoorwardRequest } from '../../../platform/http/request';
import type { Method } from '../../mfa/mfa.facade';
import { WaitingChallenge } from '../application/challenges/waiting-challenge';
import type { SignInResult } from '../application/entrance/entrance';
import { SecondFactorCookie, type WaitingSignIn } from './second-factor-cookie';

type SignedIn = Extract<SignInResult, { readonly kind: 'signed_in' }>;

export type Asking = {
  /** What was chosen last; anything else: nothing. */
  readonly chosen: unknown;
  /** Whether a code was sent by that. */
  readonly sent: boolean;
  readonly problems: readonly string[];
};

/** What a browser sees and keeps around the second factor. */
@Injectable()
export class SecondFactorScreen {
  constructor(
    private readonly pages: Pages,
    private readonly challenges: WaitingChallenge,
    private readonly cookie: SecondFactorCookie,
    private readonly refresh: RefreshCookie,
    private readonly device: DeviceCookie,
  ) {}

  /** The sign-in that waits in this browser; null: none. */
  waiting(request: DoorwardRequest): WaitingSignIn | null {
    return this.cookie.read(request);
  }

  /** As `waiting`, for what acts. Throws CROSS_SITE_REQUEST for what a page of another site sent. */
  posted(request: DoorwardRequest): WaitingSignIn | null {
    this.refresh.refuseOtherSites(request);
    return this.cookie.read(request);
  }

  /** Asks for a code, while one is looked at. */
  async ask(waiting: WaitingSignIn | null, reply: PageReply, asking: Asking, status: number): Promise<string> {
    const methods = waiting && (await this.challenges.methodsOf(waiting.challenge));
    if (!methods) return this.over(reply);
    const targets = waiting.redirectUri === null ? [] : [new URL(waiting.redirectUri).origin];
    return this.pages.show(reply, 'second-factor', factsOf(methods, asking), status, targets);
  }

  /** It took too long, too many codes were wrong, or it never was: which of them, nobody is told. */
  over(reply: PageReply): string {
    return this.pages.show(reply, 'sign-in-over', {}, 400);
  }

  /** The browser is in: it keeps what it needs for that, and goes where it came for. Nothing secret is in an address. */
  leave({ redirectUri }: WaitingSignIn, reply: PageReply & DoorwardReply, { tokens, deviceToken }: SignedIn): string {
    this.cookie.clear(reply);
    this.refresh.set(reply, tokens.refreshToken, tokens.refreshExpiresIn);
    if (deviceToken !== null) this.device.set(reply, deviceToken);
    if (redirectUri === null) return this.pages.show(reply, 'signed-in', {});
    reply.status(303);
    reply.header('Location', redirectUri);
    return '';
  }
}

function factsOf(methods: readonly Method[], { chosen, sent, problems }: Asking): PageFacts['second-factor'] {
  const last = methods.find((method) => method === chosen) ?? null;
  const choice = (method: Method): { readonly chosen: boolean } | null =>
    methods.includes(method) ? { chosen: method === (last ?? methods[0]) } : null;
  return {
    totp: choice('totp'),
    sms: choice('sms'),
    email: choice('email'),
    backupCodes: choice('backup_codes'),
    none: methods.length === 0,
    sent: sent && last !== null,
    problems,
  };
}
