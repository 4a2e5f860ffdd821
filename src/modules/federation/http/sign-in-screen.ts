import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../kernel/domain-error';
import { PageProblems } from '../../../platform/http/page-problems.filter';
import { type PageReply, Pages } from '../../../platform/http/pages';
import { RefreshCookie } from '../../../platform/http/refresh-cookie';
import type { DoorwardReply } from '../../../platform/http/request';
import { SECOND_FACTOR_PATH, SecondFactorCookie, type SignInResult } from '../../signin/federated-entrance.facade';
import type { ProvidersAnswer } from '../application/finish/ask-provider';
import type { Finished } from '../application/finish/finish';
import { OwnLinks } from '../application/links/own-links';
import { ProviderDeclined } from '../domain/errors';
import { meaningOf } from '../domain/providers-error';
import { withParameter } from '../domain/redirect-target';
import type { AnswerInQuery } from './answer-in';
import { wantsPage, type BrowserRequest } from './wishes';

export type BrowserReply = PageReply & DoorwardReply;

const NOT_OPENED =
  'What the identity provider said opens no account here. If the account is new, follow the mail we sent. ' +
  'Else sign in as you did before.';
/** What was begun is over: loading the page again would say so, and nothing else. */
const AWAY = 'What the sign-in needs does not answer now. Go back in a moment, and begin the sign-in again.';

/** What a browser is shown that comes back from an identity provider. Nothing secret is in any address it goes to. */
@Injectable()
export class SignInScreen {
  constructor(
    private readonly pages: Pages,
    private readonly problems: PageProblems,
    private readonly refresh: RefreshCookie,
    private readonly secondFactor: SecondFactorCookie,
    private readonly links: OwnLinks,
  ) {}

  /** Throws the error of who was refused, and is to go nowhere, where no person looks at it. */
  show(finished: Finished, { answer }: AnswerInQuery, request: BrowserRequest, reply: BrowserReply): string {
    const { redirectUri } = finished;
    switch (finished.kind) {
      case 'handed_over':
        return this.go(reply, handedTo(finished.redirectUri, answer));
      case 'refused':
        if (redirectUri === null) return this.refuse(finished.error, request, reply);
        return this.go(reply, withParameter(redirectUri, 'error', wordFor(finished.error)));
      case 'linked':
        if (redirectUri !== null) return this.go(reply, redirectUri);
        return this.pages.show(reply, 'account-linked', { provider: this.links.viewOf(finished.identity).name });
      case 'signed_in':
        return this.welcome(finished.result, redirectUri, reply);
    }
  }

  /** A page for people; for programs, the error is thrown. */
  refuse(error: unknown, request: BrowserRequest, reply: BrowserReply): string {
    if (!(error instanceof DomainError) || !wantsPage(request)) throw error;
    if (error.code === 'INVALID_CREDENTIALS') return this.problems.pageOf(error, reply, NOT_OPENED);
    if (error.code === 'DEPENDENCY_UNAVAILABLE') return this.problems.pageOf(error, reply, AWAY);
    return this.problems.pageOf(error, reply);
  }

  private welcome(result: SignInResult, redirectUri: string | null, reply: BrowserReply): string {
    if (result.kind === 'challenged') {
      const { token: challenge, expiresInSeconds } = result.challenge;
      this.secondFactor.set(reply, { challenge, redirectUri }, expiresInSeconds);
      return this.go(reply, SECOND_FACTOR_PATH);
    }
    this.refresh.set(reply, result.tokens.refreshToken, result.tokens.refreshExpiresIn);
    return redirectUri === null ? this.pages.show(reply, 'signed-in', {}) : this.go(reply, redirectUri);
  }

  /** To an address that was allowed, or one of ours. */
  private go(reply: BrowserReply, location: string): string {
    reply.status(302);
    reply.header('Location', location);
    return '';
  }
}

/** One half alone: the other one, the state, the application has. Who answers, it passes on with both (RFC 9207). */
function handedTo(redirectUri: string, said: ProvidersAnswer): string {
  if (said.kind === 'error') return withParameter(redirectUri, 'error', wordFor(meaningOf(said.error).error));
  const { code, issuer } = said.answer;
  const target = withParameter(redirectUri, 'code', code);
  return typeof issuer === 'string' ? withParameter(target, 'iss', issuer) : target;
}

/** For the application: which of its own words to show. */
function wordFor(error: DomainError): string {
  return error instanceof ProviderDeclined ? 'access_denied' : error.code.toLowerCase();
}
