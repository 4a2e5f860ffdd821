import * as fc from 'fast-check';
import { RISK_SIGNALS } from '../../../platform/config/settings';
import { type RiskFacts, riskOf, type RiskWeights } from './risk';

const WEIGHTS: RiskWeights = {
  new_device: 20,
  new_network: 15,
  impossible_pace: 25,
  recent_failures: 25,
  reputation: 60,
  honeypot: 95,
};
const FAMILIAR: RiskFacts = {
  hasHistory: true,
  deviceIsKnown: true,
  networkIsKnown: true,
  otherNetworkSecondsAgo: null,
  recentFailures: 0,
  failuresThatLock: 5,
  reputation: 0,
  honeypot: false,
};
const FIRST = { hasHistory: false, deviceIsKnown: false, networkIsKnown: false };

const risk = (facts: Partial<RiskFacts>, weights: Partial<RiskWeights> = {}) =>
  riskOf({ ...FAMILIAR, ...facts }, { ...WEIGHTS, ...weights });

describe('the risk of a sign-in', () => {
  it.each<[string, Partial<RiskFacts>, number, string[]]>([
    ['a familiar place', {}, 0, []],
    ['a new device', { deviceIsKnown: false }, 20, ['new_device']],
    ['a new network', { networkIsKnown: false }, 15, ['new_network']],
    [
      'a new device in a new network',
      { deviceIsKnown: false, networkIsKnown: false },
      35,
      ['new_device', 'new_network'],
    ],
    ['the first place of all', FIRST, 0, []],
    ['the first place of all, with a bad name', { ...FIRST, reputation: 100 }, 60, ['reputation']],
    [
      'another network at the same moment',
      { networkIsKnown: false, otherNetworkSecondsAgo: 0 },
      40,
      ['new_network', 'impossible_pace'],
    ],
    [
      'another network 119 seconds ago',
      { networkIsKnown: false, otherNetworkSecondsAgo: 119 },
      40,
      ['new_network', 'impossible_pace'],
    ],
    ['another network two minutes ago', { networkIsKnown: false, otherNetworkSecondsAgo: 120 }, 15, ['new_network']],
    ['another known network a moment ago', { otherNetworkSecondsAgo: 0 }, 0, []],
    ['another network a day ago', { otherNetworkSecondsAgo: 86_400 }, 0, []],
    ['one failure of five', { recentFailures: 1 }, 5, ['recent_failures']],
    ['four failures of five', { recentFailures: 4 }, 20, ['recent_failures']],
    ['as many failures as lock', { recentFailures: 5 }, 25, ['recent_failures']],
    ['more failures than lock', { recentFailures: 50 }, 25, ['recent_failures']],
    ['one failure of as many as never lock', { recentFailures: 1, failuresThatLock: 1000 }, 0, ['recent_failures']],
    ['one failure where none is enough', { recentFailures: 1, failuresThatLock: 0 }, 25, ['recent_failures']],
    ['the least bad name', { reputation: 1 }, 1, ['reputation']],
    ['half a bad name', { reputation: 50 }, 30, ['reputation']],
    ['the worst name', { reputation: 100 }, 60, ['reputation']],
    ['the honeypot', { honeypot: true }, 95, ['honeypot']],
    ['the honeypot from a new device', { honeypot: true, deviceIsKnown: false }, 100, ['new_device', 'honeypot']],
  ])('from %s', (_, facts, score, signals) => {
    expect(risk(facts)).toEqual({ score, signals });
  });

  it.each<[string, number, number]>([
    ['down', 44, 13],
    ['up', 45, 14],
  ])('is rounded %s', (_, reputation, score) => {
    expect(risk({ reputation }, { reputation: 30 }).score).toBe(score);
  });

  it('is of several parts rounded once, not each of them', () => {
    const facts = { recentFailures: 1, failuresThatLock: 10, reputation: 4 };
    expect(risk(facts, { recent_failures: 14, reputation: 10 }).score).toBe(2);
  });

  it('does not name a signal without a weight', () => {
    const all = { deviceIsKnown: false, networkIsKnown: false, otherNetworkSecondsAgo: 1 };
    expect(risk(all, { new_device: 0, impossible_pace: 0 })).toEqual({ score: 15, signals: ['new_network'] });
  });

  it('has the signals that settings give weights to, and no others', () => {
    const all = { ...FAMILIAR, deviceIsKnown: false, networkIsKnown: false, otherNetworkSecondsAgo: 0 };
    const { signals } = riskOf({ ...all, recentFailures: 1, reputation: 1, honeypot: true }, WEIGHTS);
    expect(signals).toEqual(RISK_SIGNALS);
  });

  const facts: fc.Arbitrary<RiskFacts> = fc.record({
    hasHistory: fc.boolean(),
    deviceIsKnown: fc.boolean(),
    networkIsKnown: fc.boolean(),
    otherNetworkSecondsAgo: fc.option(fc.nat()),
    recentFailures: fc.nat(),
    failuresThatLock: fc.nat({ max: 1000 }),
    reputation: fc.nat({ max: 100 }),
    honeypot: fc.boolean(),
  });
  const weight = fc.nat({ max: 100 });
  const weights: fc.Arbitrary<RiskWeights> = fc.record({
    new_device: weight,
    new_network: weight,
    impossible_pace: weight,
    recent_failures: weight,
    reputation: weight,
    honeypot: weight,
  });

  it('is a whole number from 0 to 100, whatever the facts and the weights', () => {
    fc.assert(
      fc.property(facts, weights, (given, weighing) => {
        const { score, signals } = riskOf(given, weighing);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        if (signals.length === 0) expect(score).toBe(0);
      }),
    );
  });

  it('is never less for a worse name, or for one failure more', () => {
    fc.assert(
      fc.property(facts, weights, (given, weighing) => {
        const { score } = riskOf(given, weighing);
        const worse = { ...given, reputation: Math.min(100, given.reputation + 1) };
        expect(riskOf(worse, weighing).score).toBeGreaterThanOrEqual(score);
        const oneMore = { ...given, recentFailures: given.recentFailures + 1 };
        expect(riskOf(oneMore, weighing).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });
});
