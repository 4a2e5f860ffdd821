import { later } from '../later';

/** A key is published, signs, is still good for what it has signed, and is gone. */
export type SigningKeyPhase = 'next' | 'current' | 'previous' | 'retired';

/** What is kept of a signing key beside its two halves. */
export type SigningKeyState = {
  /** RFC 7638. */
  readonly kid: string;
  readonly algorithm: string;
  /** By an operator. The service does not rotate away from such a key. */
  readonly brought: boolean;
  readonly state: SigningKeyPhase;
  readonly createdAt: Date;
  /** Since when it is in the JWK set. */
  readonly publishedAt: Date;
  /** Of a next key: when it becomes current by itself; null: by rotation. */
  readonly takesOverAt: Date | null;
  readonly activatedAt: Date | null;
  /** Of a key that has signed and does not: when the last token it signed is over. Of a retired one: since when it is. */
  readonly retiresAt: Date | null;
};

export type KeyTimes = {
  /** How long a key is published before it signs: longer than anybody keeps a copy of the JWK set. */
  readonly publishSeconds: number;
  /** How long a key is kept after it last signed: as long as a token lives. */
  readonly drainSeconds: number;
};

export type KeyRotation =
  | { readonly kind: 'rotated'; readonly from: string; readonly to: string }
  | { readonly kind: 'scheduled'; readonly to: string; readonly at: Date }
  | { readonly kind: 'refused'; readonly reason: 'no_next_key' | 'brought' };

export type KeyRetirement =
  | { readonly kind: 'retired' }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'signs' | 'retired_already' }
  /** Tokens it has signed are good until then. */
  | { readonly kind: 'in_use'; readonly until: Date };

type NewKey = Pick<SigningKeyState, 'kid' | 'algorithm'> & { readonly brought?: boolean };

/** What happened to one key; `before` is null for a new one. */
export type KeyChange = { readonly before: SigningKeyState | null; readonly after: SigningKeyState };

/** Whether tokens it has signed are good by now. */
function isInUse(key: SigningKeyState, now: Date): key is SigningKeyState & { readonly retiresAt: Date } {
  return key.retiresAt !== null && key.retiresAt > now;
}

/** The signing keys of a service: at most one that signs, at most one that will. */
export class KeyRing {
  private readonly restored: ReadonlyMap<string, SigningKeyState>;
  private readonly keys: Map<string, SigningKeyState>;
  private readonly touched = new Set<string>();

  private constructor(states: readonly SigningKeyState[]) {
    this.restored = new Map(states.map((state) => [state.kid, state]));
    this.keys = new Map(this.restored);
  }

  static restore(states: readonly SigningKeyState[]): KeyRing {
    return new KeyRing(states);
  }

  get current(): SigningKeyState | null {
    return this.inPhase('current')[0] ?? null;
  }

  get next(): SigningKeyState | null {
    return this.inPhase('next')[0] ?? null;
  }

  /** The algorithm a key is for; null when it was never here. */
  algorithmOf(kid: string): string | null {
    return this.keys.get(kid)?.algorithm ?? null;
  }

  /** The first key signs at once: there is no token and no copy of a JWK set without it. */
  begin(key: NewKey, now: Date): void {
    this.put({ ...this.fresh(key, now), state: 'current', activatedAt: now });
  }

  /**
   * A key to stand by until a rotation. One that was made together with the very first key has been in every JWK set
   * there ever was: `sinceEver` lets it sign as soon as it is asked to.
   */
  standBy(key: NewKey, now: Date, sinceEver = false): void {
    this.dismissNext(now);
    this.put({ ...this.fresh(key, now), state: 'next', ...(sinceEver && { publishedAt: new Date(0) }) });
  }

  /**
   * A key to become current by itself as soon as everybody can know it. A previous key is known already, and stays good
   * for what it has signed. The current key has nothing to take over.
   */
  takeOver(key: NewKey, times: KeyTimes, now: Date): void {
    this.dismissNext(now);
    const known = this.keys.get(key.kid);
    if (known?.state === 'current') return;
    const isPublished = known?.state === 'previous';
    const publishedAt = isPublished ? known.publishedAt : now;
    const retiresAt = isPublished ? known.retiresAt : null;
    const takesOverAt = this.usableAt({ publishedAt }, times, now);
    const { brought = false } = key;
    this.put({ ...this.fresh(key, now), ...known, brought, state: 'next', publishedAt, takesOverAt, retiresAt });
  }

  /** The current key goes on, whatever was to take over from it; `brought`: it is the operator's. */
  stay(brought: boolean, now: Date): void {
    this.dismissNext(now);
    if (this.current && this.current.brought !== brought) this.put({ ...this.current, brought });
  }

  /** Lets the next key sign: now, or, unless `atOnce`, as soon as everybody can know it. */
  rotate(times: KeyTimes, now: Date, atOnce: boolean): KeyRotation {
    const { current, next } = this;
    if (current?.brought && next?.takesOverAt == null) return { kind: 'refused', reason: 'brought' };
    if (!current || !next) return { kind: 'refused', reason: 'no_next_key' };
    const at = this.usableAt(next, times, now);
    if (at > now && !atOnce) {
      this.put({ ...next, takesOverAt: at });
      return { kind: 'scheduled', to: next.kid, at };
    }
    this.put({ ...current, state: 'previous', retiresAt: later(now, times.drainSeconds) });
    this.put({ ...next, state: 'current', takesOverAt: null, activatedAt: now, retiresAt: null });
    return { kind: 'rotated', from: current.kid, to: next.kid };
  }

  /** Whether the next key should sign by now: it was told to, or the current one has signed for `rotationSeconds` (0: ever). */
  isRotationDue(times: KeyTimes, rotationSeconds: number, now: Date): boolean {
    const { current, next } = this;
    if (!current || !next) return false;
    if (next.takesOverAt !== null && next.takesOverAt <= now) return true;
    const since = current.activatedAt ?? current.createdAt;
    const isOld = rotationSeconds > 0 && !current.brought && later(since, rotationSeconds) <= now;
    return isOld && this.usableAt(next, times, now) <= now;
  }

  /** Retires every previous key whose last token is over; the kids of those. */
  retireDrained(now: Date): readonly string[] {
    const drained = this.inPhase('previous').filter(({ retiresAt }) => retiresAt !== null && retiresAt <= now);
    for (const key of drained) this.put({ ...key, state: 'retired', retiresAt: now });
    return drained.map(({ kid }) => kid);
  }

  /**
   * Takes a key out of use. Unless `atOnce`, not while tokens it has signed are good: those would be refused. The
   * current one only at once, and when the service signs with something else altogether (`signs` false).
   */
  retire(kid: string, now: Date, atOnce: boolean, signs = true): KeyRetirement {
    const key = this.keys.get(kid);
    if (!key) return { kind: 'refused', reason: 'unknown' };
    if (key.state === 'current' && (signs || !atOnce)) return { kind: 'refused', reason: 'signs' };
    if (key.state === 'retired') return { kind: 'refused', reason: 'retired_already' };
    if (isInUse(key, now) && !atOnce) return { kind: 'in_use', until: key.retiresAt };
    this.put({ ...key, state: 'retired', takesOverAt: null, retiresAt: now });
    return { kind: 'retired' };
  }

  snapshot(): readonly SigningKeyState[] {
    return [...this.keys.values()];
  }

  /** Keys that are not as they were restored; of a rotation, the one that stops signing comes first. */
  changes(): readonly KeyChange[] {
    return [...this.touched].flatMap((kid) => {
      const after = this.keys.get(kid);
      return after ? [{ before: this.restored.get(kid) ?? null, after }] : [];
    });
  }

  private inPhase(state: SigningKeyPhase): readonly SigningKeyState[] {
    return this.snapshot().filter((key) => key.state === state);
  }

  private usableAt({ publishedAt }: Pick<SigningKeyState, 'publishedAt'>, times: KeyTimes, now: Date): Date {
    const at = later(publishedAt, times.publishSeconds);
    return at > now ? at : now;
  }

  /** It never signed and is out; or it did, and goes on being good for that. */
  private dismissNext(now: Date): void {
    const { next } = this;
    if (!next) return;
    if (isInUse(next, now)) this.put({ ...next, state: 'previous', takesOverAt: null });
    else this.put({ ...next, state: 'retired', takesOverAt: null, retiresAt: now });
  }

  private fresh({ kid, algorithm, brought = false }: NewKey, now: Date): SigningKeyState {
    const nothingYet = { takesOverAt: null, activatedAt: null, retiresAt: null };
    return { kid, algorithm, brought, state: 'next', createdAt: now, publishedAt: now, ...nothingYet };
  }

  private put(state: SigningKeyState): void {
    this.keys.set(state.kid, state);
    this.touched.delete(state.kid);
    this.touched.add(state.kid);
  }
}
