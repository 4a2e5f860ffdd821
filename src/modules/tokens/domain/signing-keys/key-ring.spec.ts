import * as fc from 'fast-check';
import { KeyRing, type KeyTimes, type SigningKeyPhase, type SigningKeyState } from './key-ring';

const START = new Date('2026-01-01T12:00:00Z');
const TIMES: KeyTimes = { publishSeconds: 600, drainSeconds: 935 };
const [PUBLISHED, DRAINED] = [TIMES.publishSeconds, TIMES.drainSeconds];

const after = (seconds: number, since: Date = START): Date => new Date(since.getTime() + seconds * 1000);
const aKey = (kid: string) => ({ kid, algorithm: 'ES256' });

/** A ring as the first start leaves it: `a` signs, `b` has stood by since ever. */
function aRing(): KeyRing {
  const ring = KeyRing.restore([]);
  ring.begin(aKey('a'), START);
  ring.standBy(aKey('b'), START, true);
  return KeyRing.restore(ring.snapshot());
}

/** A ring in which the next key was published at START. */
function aRingWithNewNext(): KeyRing {
  const ring = KeyRing.restore([]);
  ring.begin(aKey('a'), START);
  ring.standBy(aKey('b'), START);
  return KeyRing.restore(ring.snapshot());
}

const key = (ring: KeyRing, kid: string): SigningKeyState => ring.snapshot().find((each) => each.kid === kid)!;
const phases = (ring: KeyRing): Record<string, SigningKeyPhase> =>
  Object.fromEntries(ring.snapshot().map(({ kid, state }) => [kid, state]));

describe('a ring of keys', () => {
  it('without a key signs with none, and rotates none', () => {
    const ring = KeyRing.restore([]);

    expect([ring.current, ring.next]).toEqual([null, null]);
    expect(ring.rotate(TIMES, START, true)).toEqual({ kind: 'refused', reason: 'no_next_key' });
    expect(ring.isRotationDue(TIMES, 1, START)).toBe(false);
    expect(ring.changes()).toEqual([]);
  });

  it('signs with its first key at once', () => {
    const ring = KeyRing.restore([]);

    ring.begin(aKey('a'), START);

    expect(ring.current).toEqual({
      ...aKey('a'),
      brought: false,
      state: 'current',
      createdAt: START,
      publishedAt: START,
      takesOverAt: null,
      activatedAt: START,
      retiresAt: null,
    });
    expect(ring.changes()).toEqual([{ before: null, after: ring.current }]);
  });

  it('knows which algorithm each of its keys is for, of retired ones too', () => {
    const ring = aRing();
    ring.standBy({ kid: 'rsa', algorithm: 'PS256' }, START);
    ring.retire('b', START, true);

    expect(['a', 'b', 'rsa', 'c'].map((kid) => ring.algorithmOf(kid))).toEqual(['ES256', 'ES256', 'PS256', null]);
  });

  it('tells what changed, of a rotation first the key that stops signing', () => {
    const ring = aRing();
    const [a, b] = [key(ring, 'a'), key(ring, 'b')];

    expect(ring.changes()).toEqual([]);
    ring.rotate(TIMES, START, false);
    expect(ring.changes()).toEqual([
      { before: a, after: key(ring, 'a') },
      { before: b, after: key(ring, 'b') },
    ]);
    expect([a.state, b.state]).toEqual(['current', 'next']);
  });

  it('tells of a key that changed twice how it was at first and how it is at last', () => {
    const ring = aRing();
    const before = key(ring, 'b');
    ring.rotate(TIMES, START, false);
    ring.takeOver(aKey('c'), TIMES, START);
    ring.rotate(TIMES, START, true);

    expect(ring.changes()).toContainEqual({ before, after: key(ring, 'b') });
    expect(ring.changes()).toContainEqual({ before: null, after: key(ring, 'c') });
    expect(ring.changes()).toHaveLength(3);
  });
});

describe('a key that stands by', () => {
  it('is next, and takes the place of who stood by before', () => {
    const ring = aRing();

    ring.standBy(aKey('c'), after(60));

    expect(phases(ring)).toEqual({ a: 'current', b: 'retired', c: 'next' });
    expect(key(ring, 'b')).toMatchObject({ takesOverAt: null, retiresAt: after(60) });
  });

  it('never takes over by itself', () => {
    expect(aRing().isRotationDue(TIMES, 0, after(100_000_000))).toBe(false);
  });
});

describe('a rotation', () => {
  it('lets the next key sign, and keeps the former until its last token is over', () => {
    const ring = aRing();

    expect(ring.rotate(TIMES, after(60), false)).toEqual({ kind: 'rotated', from: 'a', to: 'b' });
    expect(key(ring, 'a')).toMatchObject({ state: 'previous', retiresAt: after(60 + DRAINED) });
    expect(key(ring, 'b')).toMatchObject({ state: 'current', activatedAt: after(60), takesOverAt: null });
    expect(ring.next).toBeNull();
  });

  it.each([
    [0, 'scheduled'],
    [PUBLISHED - 1, 'scheduled'],
    [PUBLISHED, 'rotated'],
    [PUBLISHED + 1, 'rotated'],
  ])('of a key that has been published for %i seconds is %s', (seconds, kind) => {
    const ring = aRingWithNewNext();

    expect(ring.rotate(TIMES, after(seconds), false)).toMatchObject({ kind });
    expect(ring.current?.kid).toBe(kind === 'rotated' ? 'b' : 'a');
  });

  it('that has to wait says until when, and is due then', () => {
    const ring = aRingWithNewNext();
    const at = after(PUBLISHED);

    expect(ring.rotate(TIMES, after(10), false)).toEqual({ kind: 'scheduled', to: 'b', at });
    expect(ring.next).toMatchObject({ takesOverAt: at });
    expect(ring.isRotationDue(TIMES, 0, after(PUBLISHED - 1))).toBe(false);
    expect(ring.isRotationDue(TIMES, 0, at)).toBe(true);
  });

  it('does not wait for anybody when it is told to happen at once', () => {
    const ring = aRingWithNewNext();

    expect(ring.rotate(TIMES, START, true)).toEqual({ kind: 'rotated', from: 'a', to: 'b' });
  });

  it('that waits is not put off by who asks again', () => {
    const ring = aRingWithNewNext();
    ring.rotate(TIMES, after(10), false);

    expect(ring.rotate(TIMES, after(300), false)).toEqual({ kind: 'scheduled', to: 'b', at: after(PUBLISHED) });
  });

  it('is refused where there is no key to follow', () => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);

    expect(ring.rotate(TIMES, START, true)).toEqual({ kind: 'refused', reason: 'no_next_key' });
    expect(ring.current?.kid).toBe('b');
  });

  it.each([
    ['before the key has signed for so long', 3599, false],
    ['when it has', 3600, true],
    ['later', 7200, true],
  ])('by schedule is due %s', (_, seconds, isDue) => {
    expect(aRingWithNewNext().isRotationDue(TIMES, 3600, after(seconds))).toBe(isDue);
  });

  it('by schedule waits for a next key that was published late', () => {
    const ring = aRingWithNewNext();
    ring.standBy(aKey('c'), after(3500));

    expect(ring.isRotationDue(TIMES, 3600, after(3500 + PUBLISHED - 1))).toBe(false);
    expect(ring.isRotationDue(TIMES, 3600, after(3500 + PUBLISHED))).toBe(true);
  });

  it('is never due without a next key', () => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);

    expect(ring.isRotationDue(TIMES, 3600, after(100_000))).toBe(false);
  });
});

describe('a key that takes over', () => {
  it('does so when everybody can know it, and not by an operator alone', () => {
    const ring = aRing();

    ring.takeOver(aKey('c'), TIMES, after(60));

    expect(phases(ring)).toEqual({ a: 'current', b: 'retired', c: 'next' });
    expect(ring.next).toMatchObject({ publishedAt: after(60), takesOverAt: after(60 + PUBLISHED) });
    expect(ring.isRotationDue(TIMES, 0, after(60 + PUBLISHED - 1))).toBe(false);
    expect(ring.isRotationDue(TIMES, 0, after(60 + PUBLISHED))).toBe(true);
  });

  it('does so at once when it signed before and is known still', () => {
    const ring = aRing();
    ring.rotate(TIMES, after(PUBLISHED), false);

    ring.takeOver(aKey('a'), TIMES, after(PUBLISHED + 60));

    expect(ring.next).toMatchObject({
      kid: 'a',
      publishedAt: START,
      takesOverAt: after(PUBLISHED + 60),
      retiresAt: expect.any(Date) as Date,
    });
    expect(ring.isRotationDue(TIMES, 0, after(PUBLISHED + 60))).toBe(true);
  });

  it('is published anew when it was retired', () => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);
    ring.retireDrained(after(DRAINED));

    ring.takeOver(aKey('a'), TIMES, after(5000));

    expect(ring.next).toMatchObject({ kid: 'a', publishedAt: after(5000), takesOverAt: after(5000 + PUBLISHED) });
  });

  it('is nothing to the key that signs: who was to take over from it does not any more', () => {
    const ring = aRing();
    ring.takeOver(aKey('c'), TIMES, START);

    ring.takeOver(aKey('a'), TIMES, after(60));

    expect(phases(ring)).toEqual({ a: 'current', b: 'retired', c: 'retired' });
    expect(ring.isRotationDue(TIMES, 3600, after(100_000))).toBe(false);
  });

  it('goes on being good for what it has signed before, until it signs anew', () => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);
    ring.takeOver(aKey('a'), TIMES, after(60));

    expect(ring.next).toMatchObject({ kid: 'a', retiresAt: after(DRAINED) });
    expect(ring.rotate(TIMES, after(60), true)).toMatchObject({ kind: 'rotated', to: 'a' });
    expect(ring.current).toMatchObject({ kid: 'a', retiresAt: null, activatedAt: after(60) });
  });

  it.each([true, false])('is the operator’s or not, as it is brought now: %s', (brought) => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);
    ring.takeOver({ ...aKey('a'), brought: !brought }, TIMES, START);

    ring.takeOver({ ...aKey('a'), brought }, TIMES, START);

    expect(ring.next).toMatchObject({ kid: 'a', brought });
  });
});

describe('a key that an operator brings', () => {
  const broughtRing = (): KeyRing => {
    const ring = KeyRing.restore([]);
    ring.begin({ ...aKey('mine'), brought: true }, START);
    return KeyRing.restore(ring.snapshot());
  };

  it('signs, and is marked', () => {
    expect(broughtRing().current).toMatchObject({ kid: 'mine', brought: true, state: 'current' });
  });

  it('may be the one that signs already', () => {
    const ring = aRing();
    ring.stay(true, START);

    expect(ring.current).toMatchObject({ kid: 'a', brought: true });
    expect(ring.next).toBeNull();
  });

  it('cannot be marked where none signs', () => {
    const ring = KeyRing.restore([]);
    ring.stay(true, START);

    expect(ring.snapshot()).toEqual([]);
  });

  it.each([true, false])('is not rotated away, not even where a key stands by: at once, %s', (atOnce) => {
    const ring = broughtRing();
    expect(ring.rotate(TIMES, after(PUBLISHED), atOnce)).toEqual({ kind: 'refused', reason: 'brought' });

    ring.standBy(aKey('b'), START);
    expect(ring.rotate(TIMES, after(PUBLISHED), atOnce)).toEqual({ kind: 'refused', reason: 'brought' });
    expect(ring.current?.kid).toBe('mine');
  });

  it('is never due to be rotated by schedule', () => {
    const ring = broughtRing();
    ring.standBy(aKey('b'), START);

    expect(ring.isRotationDue(TIMES, 1, after(100_000_000))).toBe(false);
  });

  it('gives way to a key that takes over, at its time or when it is told to at once', () => {
    const ring = broughtRing();
    ring.takeOver(aKey('b'), TIMES, START);

    expect(ring.rotate(TIMES, after(10), false)).toEqual({ kind: 'scheduled', to: 'b', at: after(PUBLISHED) });
    expect(ring.isRotationDue(TIMES, 0, after(PUBLISHED))).toBe(true);
    expect(ring.rotate(TIMES, after(20), true)).toMatchObject({ kind: 'rotated', to: 'b' });
    expect(ring.current).toMatchObject({ kid: 'b', brought: false });
  });
});

describe('the retirement of a key', () => {
  it.each([
    ['while a token it signed may be good', DRAINED - 1, []],
    ['when the last one is over', DRAINED, ['a']],
    ['later', DRAINED + 1, ['a']],
  ])('by itself happens, or not, %s', (_, seconds, kids) => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);

    expect(ring.retireDrained(after(seconds))).toEqual(kids);
    expect(key(ring, 'a').state).toBe(kids.length > 0 ? 'retired' : 'previous');
  });

  it('by itself touches neither the current key nor the next one, and happens once', () => {
    const ring = aRing();

    expect(ring.retireDrained(after(100_000_000))).toEqual([]);
    ring.rotate(TIMES, START, false);
    expect(ring.retireDrained(after(DRAINED))).toEqual(['a']);
    expect(ring.retireDrained(after(DRAINED))).toEqual([]);
  });

  it.each([
    ['one nobody has', 'x', { kind: 'refused', reason: 'unknown' }],
    ['the one that signs', 'b', { kind: 'refused', reason: 'signs' }],
    ['one that is retired', 'old', { kind: 'refused', reason: 'retired_already' }],
    ['one whose tokens are good', 'a', { kind: 'in_use', until: after(DRAINED) }],
    ['one that stands by', 'c', { kind: 'retired' }],
  ] as const)('by an operator, of %s', (_, kid, retirement) => {
    const ring = KeyRing.restore([]);
    ring.begin(aKey('a'), START);
    ring.standBy(aKey('old'), START);
    ring.standBy(aKey('b'), START, true);
    ring.rotate(TIMES, START, false);
    ring.standBy(aKey('c'), START);
    const before = ring.snapshot();

    expect(ring.retire(kid, after(10), false)).toEqual(retirement);
    if (retirement.kind === 'retired') expect(key(ring, kid)).toMatchObject({ state: 'retired', retiresAt: after(10) });
    else expect(ring.snapshot()).toEqual(before);
  });

  it('happens at once when an operator says so, whatever its tokens are worth', () => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);

    expect(ring.retire('a', after(10), true)).toEqual({ kind: 'retired' });
    expect(phases(ring)).toEqual({ a: 'retired', b: 'current' });
  });

  it('of the key that signs does not happen, not even at once', () => {
    expect(aRing().retire('a', START, true)).toEqual({ kind: 'refused', reason: 'signs' });
  });

  it('of the current key happens where the service signs with something else altogether', () => {
    const ring = aRing();

    expect(ring.retire('a', after(10), true, false)).toEqual({ kind: 'retired' });
    expect(key(ring, 'a')).toMatchObject({ state: 'retired', retiresAt: after(10) });
    expect(ring.current).toBeNull();
  });
});

type Step =
  | { readonly does: 'wait'; readonly seconds: number }
  | { readonly does: 'stand by' }
  | { readonly does: 'take over'; readonly former: number | null }
  | { readonly does: 'mark brought' }
  | { readonly does: 'rotate'; readonly atOnce: boolean }
  | { readonly does: 'tend'; readonly rotationSeconds: number }
  | { readonly does: 'retire'; readonly which: number; readonly atOnce: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 1500 }) }),
  fc.record({ does: fc.constant('stand by' as const) }),
  fc.record({ does: fc.constant('take over' as const), former: fc.option(fc.nat({ max: 20 })) }),
  fc.record({ does: fc.constant('mark brought' as const) }),
  fc.record({ does: fc.constant('rotate' as const), atOnce: fc.boolean() }),
  fc.record({ does: fc.constant('tend' as const), rotationSeconds: fc.constantFrom(0, 3600) }),
  fc.record({ does: fc.constant('retire' as const), which: fc.nat({ max: 20 }), atOnce: fc.boolean() }),
);

/** A ring in the hands of anybody, and what an onlooker has seen of each key. */
class Watched {
  readonly ring = KeyRing.restore([]);
  private now = START;
  private made = 0;
  private readonly publishedSince = new Map<string, Date>();
  private readonly signedUntil = new Map<string, Date>();
  private readonly putBack = new Set<string>();

  constructor() {
    this.ring.begin(this.newKey(), this.now);
    this.ring.standBy(this.newKey(), this.now, true);
    for (const { kid } of this.ring.snapshot()) this.publishedSince.set(kid, new Date(0));
  }

  do(step: Step): void {
    const before = this.ring.snapshot();
    const mayHurry = this.act(step);
    this.look(before, mayHurry, step);
  }

  /** Whether a key may sign that not everybody can know. */
  private act(step: Step): boolean {
    const { ring, now } = this;
    const known = ring.snapshot();
    switch (step.does) {
      case 'wait':
        this.now = after(step.seconds, now);
        return false;
      case 'stand by':
        ring.standBy(this.newKey(), now);
        return false;
      case 'take over': {
        // Nobody brings the key that signs already.
        const former = step.former === null ? undefined : known[step.former % known.length];
        const brought = former && former.state !== 'current' ? former : this.newKey();
        this.putBack.add(brought.kid);
        ring.takeOver(brought, TIMES, now);
        return false;
      }
      case 'mark brought':
        ring.stay(true, now);
        return false;
      case 'rotate':
        ring.rotate(TIMES, now, step.atOnce);
        return step.atOnce;
      case 'tend':
        if (ring.isRotationDue(TIMES, step.rotationSeconds, now)) ring.rotate(TIMES, now, true);
        this.drained(ring.retireDrained(now));
        if (!ring.next) ring.standBy(this.newKey(), now);
        return false;
      case 'retire':
        ring.retire(known[step.which % known.length]!.kid, now, step.atOnce);
        return false;
    }
  }

  private drained(kids: readonly string[]): void {
    for (const kid of kids) expect(this.now.getTime()).toBeGreaterThanOrEqual(this.goodUntil(kid).getTime());
  }

  /** When the last token is over that the key can have signed. */
  private goodUntil(kid: string): Date {
    return after(DRAINED, this.signedUntil.get(kid) ?? new Date(0));
  }

  private look(before: readonly SigningKeyState[], mayHurry: boolean, { does }: Step): void {
    const keys = this.ring.snapshot();
    expect(keys.filter(({ state }) => state === 'current')).toHaveLength(1);
    expect(keys.filter(({ state }) => state === 'next').length).toBeLessThanOrEqual(1);
    for (const { kid, state } of keys) {
      const was = before.find((each) => each.kid === kid)?.state ?? 'retired';
      if (was === 'retired' && state === 'next') this.publishedSince.set(kid, this.now);
      if (was === 'retired' && state !== 'retired' && before.some((each) => each.kid === kid)) {
        // A retired key comes back only when somebody brings it, and never straight to signing.
        expect([does, state, this.putBack.has(kid)]).toEqual(['take over', 'next', true]);
      }
      if (was === 'current' && state !== 'current') {
        this.signedUntil.set(kid, this.now);
        // A key of the operator goes only for one that was told to take over.
        const { brought } = before.find((each) => each.kid === kid)!;
        if (brought) expect(before.find((each) => each.state === 'next')?.takesOverAt).toBeInstanceOf(Date);
      }
      if (was !== 'current' && state === 'current' && !mayHurry) {
        const published = this.publishedSince.get(kid)!;
        expect(this.now.getTime()).toBeGreaterThanOrEqual(after(PUBLISHED, published).getTime());
      }
    }
  }

  private newKey(): { kid: string; algorithm: string } {
    return aKey(`key ${(this.made += 1)}`);
  }
}

describe('whatever is done to a ring, and whenever', () => {
  it('has one key that signs and one next at most, which signs when all can know it and stays while it is needed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const watched = new Watched();
        for (const each of steps) watched.do(each);
      }),
      { numRuns: 1000 },
    );
  });

  it('tells all that changed, so that what is stored is what was decided', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const watched = new Watched();
        for (const each of steps) watched.do(each);
        const [stored, changes] = [watched.ring.snapshot(), watched.ring.changes()];
        expect(new Set(changes.map(({ after }) => after))).toEqual(new Set(stored));
        // All of them are new in a ring that began with none.
        expect(changes.filter(({ before }) => before !== null)).toEqual([]);
      }),
    );
  });

  // A key that is brought back while it drains is a next key whose tokens are good; who takes its place retires it.
  it.each([
    [
      'another key stands by',
      (ring: KeyRing) => {
        ring.standBy(aKey('c'), after(10));
      },
    ],
    [
      'another key takes over',
      (ring: KeyRing) => {
        ring.takeOver(aKey('c'), TIMES, after(10));
      },
    ],
    ['an operator retires it, not at once', (ring: KeyRing) => ring.retire('a', after(10), false)],
  ])('keeps a key whose tokens are good when %s', (_, happens) => {
    const ring = aRing();
    ring.rotate(TIMES, START, false);
    ring.takeOver(aKey('a'), TIMES, START);

    happens(ring);

    expect(key(ring, 'a').state).not.toBe('retired');
  });
});
