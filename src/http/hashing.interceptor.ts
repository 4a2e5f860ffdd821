import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { defaultIfEmpty, finalize, from, lastValueFrom, type Observable } from 'rxjs';
import { BoundedWork } from '../platform/concurrency/bounded-work';
import { Seats } from '../platform/concurrency/seats';
import { HashingSettings } from '../platform/config/settings';
import { HASHES_PASSWORDS, type HashingRule } from '../platform/http/hashes-passwords';
import type { BodyRequest } from '../platform/http/request';
import { RequestContext } from '../platform/http/request-context';
import { subscriberOf } from '../platform/network/address';
import { PresentedDevice } from './presented-device';
import { textOf } from './typed-text';

/** Some are with the database while others hash; more would only stand in its queue, before everybody else's requests. */
const WORKED_ON_PER_HASH = 2;
/** With what comes after it, still less than the ten seconds in which everybody has an answer. */
const PATIENCE_MS = 5_000;

/**
 * Gives requests that hash passwords a seat before anything is done for them, and their turn when there is room to work.
 * Hashing has a queue of its own, but who is turned away only there has already cost what the others wait for.
 */
@Injectable()
export class HashingInterceptor implements NestInterceptor {
  private readonly seats: Seats;
  private readonly turns: BoundedWork;

  constructor(
    private readonly reflector: Reflector,
    private readonly context: RequestContext,
    private readonly devices: PresentedDevice,
    { concurrency, queue }: HashingSettings,
  ) {
    this.seats = new Seats(concurrency + queue);
    const workers = concurrency * WORKED_ON_PER_HASH;
    this.turns = new BoundedWork({ concurrency: workers, room: Infinity, patienceMs: PATIENCE_MS });
  }

  /** Whether `intercept` would turn a stranger away; asked sooner, and cheaper. */
  get isFullForStrangers(): boolean {
    return this.seats.areTaken;
  }

  /** Throws Overloaded. */
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.reflector.get<HashingRule | undefined>(HASHES_PASSWORDS, execution.getHandler());
    if (!rule) return next.handle();
    const request = execution.switchToHttp().getRequest<BodyRequest>();
    const isKnown = this.isKnown(rule, request);
    const free = this.seats.take(this.callerOf(rule, request), isKnown);
    // Owners need not stand behind whoever guesses at them.
    const answer = this.turns.run(() => lastValueFrom(next.handle().pipe(defaultIfEmpty(undefined))), isKnown);
    return from(answer).pipe(finalize(free));
  }

  /** A user who is signed in, or a device that has signed in by the name that is typed. */
  private isKnown({ account }: HashingRule, request: BodyRequest): boolean {
    if (account === null) return request.user !== undefined;
    const login = textOf(request, account);
    return login !== null && this.devices.hasSignedInAs(login, request);
  }

  /** An address that guesses at one account is one caller; at another account, or elsewhere, it is another. */
  private callerOf({ account }: HashingRule, request: BodyRequest): string {
    const whose = account === null ? request.user?.userId : textOf(request, account)?.toLowerCase();
    const { ipAddress } = this.context.origin;
    return `${ipAddress === null ? '' : subscriberOf(ipAddress)} ${whose ?? ''}`;
  }
}
