import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { DomainError, ValidationFailed } from '../../kernel/domain-error';
import { ERROR_CATALOGUE } from './error-catalogue';
import { type PageReply, Pages } from './pages';

const RETRY_AFTER_SECONDS = 2;

type SendingReply = PageReply & { send(body: string): unknown };

/** Refusals of a page are pages too. What nobody foresaw goes the way of every error. */
@Catch(DomainError)
@Injectable()
export class PageProblems implements ExceptionFilter<DomainError> {
  constructor(private readonly pages: Pages) {}

  catch(error: DomainError, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<SendingReply>();
    reply.send(this.pageOf(error, reply));
  }

  /** The same for a controller that answers some with pages and some not. `words`: what is said in place of the cure. */
  pageOf(error: DomainError, reply: PageReply, words: string | null = wordsFor(error)): string {
    const { code, retryAfterSeconds } = error;
    const { status, title, cure } = ERROR_CATALOGUE[code];
    if (status === 429 || status === 503) reply.header('Retry-After', String(retryAfterSeconds ?? RETRY_AFTER_SECONDS));
    if (code === 'TOKEN_INVALID_OR_EXPIRED') return this.pages.show(reply, 'link-not-good', {}, status);
    return this.pages.show(reply, 'try-again', { title, detail: words ?? cure }, status);
  }
}

/** What was wrong with a form, for people. */
function wordsFor(error: DomainError): string | null {
  return error instanceof ValidationFailed ? error.violations.map(({ message }) => message).join(' ') : null;
}
