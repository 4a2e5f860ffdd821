import type { Familiarity } from './familiar-place';

/** In the order in which they are named. */
const SIGNALS = ['new_device', 'new_network', 'impossible_pace', 'recent_failures', 'reputation', 'honeypot'] as const;

/** What may speak against a sign-in. */
export type RiskSignal = (typeof SIGNALS)[number];

/** What each signal adds to the score when it is there in full, 0 to 100. */
export type RiskWeights = Readonly<Record<RiskSignal, number>>;

/** What is known of a sign-in before it is decided. */
export type RiskFacts = Familiarity & {
  /** Wrong passwords for the account of late. */
  readonly recentFailures: number;
  /** So many of them lock somebody out. */
  readonly failuresThatLock: number;
  /** How bad a name the address has: 0 none, 100 the worst. */
  readonly reputation: number;
  /** Whether a field that people do not see was filled in. */
  readonly honeypot: boolean;
};

export type Risk = {
  /** A whole number from 0 to 100. */
  readonly score: number;
  /** What the score is made of. */
  readonly signals: readonly RiskSignal[];
};

const WORST = 100;

/**
 * Nobody changes networks faster, but for a telephone that leaves the house. It is all that can be said of a pace:
 * nothing here knows where on earth a network is, so there are no distances.
 */
const POSSIBLE_PACE_SECONDS = 120;

/** How much speaks against a sign-in. Without a history nothing is new: a first sign-in is no suspicious one. */
export function riskOf(facts: RiskFacts, weights: RiskWeights): Risk {
  const shares = sharesOf(facts);
  const added = SIGNALS.map((signal) => ({ signal, points: weights[signal] * shares[signal] }));
  const sum = added.reduce((total, { points }) => total + points, 0);
  return {
    score: Math.min(WORST, Math.round(sum)),
    signals: added.filter(({ points }) => points > 0).map(({ signal }) => signal),
  };
}

/** How far each signal is there: 0 not at all, 1 in full. */
function sharesOf(facts: RiskFacts): Readonly<Record<RiskSignal, number>> {
  const { hasHistory, otherNetworkSecondsAgo: pace } = facts;
  return {
    new_device: whole(hasHistory && !facts.deviceIsKnown),
    new_network: whole(hasHistory && !facts.networkIsKnown),
    // Two networks the user is known in are two devices, or the two families of addresses of one.
    impossible_pace: whole(!facts.networkIsKnown && pace !== null && pace < POSSIBLE_PACE_SECONDS),
    recent_failures: part(facts.recentFailures, facts.failuresThatLock),
    reputation: part(facts.reputation, WORST),
    honeypot: whole(facts.honeypot),
  };
}

const whole = (isThere: boolean): number => (isThere ? 1 : 0);

/** From 0 to 1, however many there are; where `all` is 0, one is enough for the whole. */
const part = (count: number, all: number): number => Math.min(1, Math.max(0, count) / Math.max(1, all));
