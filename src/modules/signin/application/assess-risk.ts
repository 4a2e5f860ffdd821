import { Injectable } from '@nestjs/common';
import { LockoutSettings, RiskSettings } from '../../../platform/config/settings';
import { networkOf } from '../../../platform/network/address';
import { AddressReputation } from '../../../platform/network/address-list-file';
import { type ClientTraits, TokensFacade } from '../../tokens/tokens.facade';
import { type Risk, riskOf } from '../domain/risk';
import { FamiliarPlaces, type Place } from './familiar-places.port';

/** Whose sign-in it is, as far as risk goes. */
export type RiskSubject = {
  /** A user's id, or what stands in for one. */
  readonly account: string;
  readonly recentFailures: number;
  /** Whether the device proved that it has signed in before. */
  readonly deviceIsKnown: boolean;
};

const NOBODY = { hasHistory: false, deviceIsKnown: true, networkIsKnown: true, otherNetworkSecondsAgo: null };

/** How much speaks against a sign-in. Takes the same statements whoever it is. */
@Injectable()
export class AssessRisk {
  constructor(
    private readonly places: FamiliarPlaces,
    private readonly reputation: AddressReputation,
    private readonly tokens: TokensFacade,
    private readonly settings: RiskSettings,
    private readonly lockout: LockoutSettings,
  ) {}

  /** Of an attempt to sign in to an account. */
  async execute(
    { account, recentFailures, deviceIsKnown }: RiskSubject,
    client: ClientTraits,
    now: Date,
  ): Promise<Risk> {
    const familiarity = await this.places.recall(account, this.placeOf(client), now);
    const facts = {
      ...familiarity,
      deviceIsKnown: deviceIsKnown || familiarity.deviceIsKnown,
      recentFailures,
      failuresThatLock: this.lockout.threshold,
      reputation: this.reputation.of(client.ipAddress),
      honeypot: false,
    };
    return riskOf(facts, this.settings.weights);
  }

  /** Of somebody who filled in what people do not see. */
  ofHoneypot(ipAddress: string | null): Risk {
    const reputation = this.reputation.of(ipAddress);
    return riskOf(
      { ...NOBODY, recentFailures: 0, failuresThatLock: 1, reputation, honeypot: true },
      this.settings.weights,
    );
  }

  /** The user signed in from there. Within the caller's unit of work, which holds the user. */
  async remember(account: string, client: ClientTraits, now: Date): Promise<void> {
    await this.places.remember(account, this.placeOf(client), now);
  }

  private placeOf(client: ClientTraits): Place {
    return { device: this.tokens.fingerprintOf(client), network: networkOf(client.ipAddress) };
  }
}
