import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type Checked, checkedSeal } from '../../domain/seals/chain';
import { comparedWith, type FoundAt, foundAt } from '../../domain/seals/compare';
import type { Finding } from '../../domain/seals/finding';
import { type LoggedEvent, sequenceOf } from '../../domain/seals/logged-event';
import type { FirstSeal } from '../../domain/seals/new-seal';
import type { Seal } from '../../domain/seals/seal';
import { ArchivedMonths, comesTooLate } from './archived-months.port';
import { AuditKeys } from './audit-keys.port';
import { firstSealOf } from './first-seal';
import { LoggedEvents, type Range } from './logged-events.port';
import { Seals } from './seals.port';
import { SPELLING } from './spelling';
import { verdictOf } from './verdict';

/** Whose events are held to the seals: a tenant's own, or everybody's. */
export type Whose = TenantId | null;

export type Scope = { readonly whose: Whose; readonly first: FirstSeal | null };

type TenantScope = Scope & { readonly whose: TenantId };

type Looked = { readonly found: readonly FoundAt[]; readonly events: number };

export type Inspection = {
  readonly findings: readonly Finding[];
  /** How many events were looked at. */
  readonly events: number;
  readonly checked: Checked;
};

/** One seal, and the events that are where its are said to be. Reads in transactions of their own. */
@Injectable()
export class InspectSeal {
  constructor(
    private readonly events: LoggedEvents,
    private readonly archives: ArchivedMonths,
    private readonly keys: AuditKeys,
    private readonly work: UnitOfWork,
    private readonly seals: Seals,
  ) {}

  async scopeOf(whose: Whose): Promise<Scope> {
    return { whose, first: await firstSealOf(this.seals, this.keys) };
  }

  /** `first` is what the first seal says, where it can be believed. */
  async execute(seal: Seal, before: Checked, { whose, first }: Scope): Promise<Inspection> {
    const key = await this.keys.find(seal.payload.keyId);
    const { findings, checked, isComparable, behind } = checkedSeal(SPELLING, seal, before, (bytes) =>
      verdictOf(key, seal, bytes),
    );
    if (!isComparable) return { findings, events: 0, checked };
    const range = { behind, through: seal.payload.lastSequence };
    const { found, events } = await (whose === null
      ? this.ofAll(seal, range, first)
      : this.ofTenant(seal, range, { whose, first }));
    const ofEvents = found.map(({ sequence, eventId, seal: number, reason }) => {
      return { sequence, eventId, seal: number, reason };
    });
    return { findings: [...findings, ...ofEvents], events, checked };
  }

  private async ofAll(seal: Seal, range: Range, first: FirstSeal | null): Promise<Looked> {
    const events = await this.work.overAllTenants(() => this.events.within(range, null));
    const found = comparedWith(SPELLING, seal, events, { extent: 'whole', first });
    return { found: await this.besideArchives(seal, found, events), events: events.length };
  }

  /** Their own; and where there are fewer than were sealed, what became of the places where some could have been. */
  private async ofTenant(seal: Seal, range: Range, { whose: tenant, first }: TenantScope): Promise<Looked> {
    const own = await this.events.within(range, tenant);
    const compared = comparedWith(SPELLING, seal, own, { extent: 'part', first });
    const found = await this.besideArchives(seal, compared, own);
    if (own.length >= (seal.tenants[tenant] ?? 0)) return { found, events: own.length };
    const all = await this.ofAll(seal, range, first);
    // Of what is another's now nothing is told but where it is: it may have been the tenant's own.
    const concerning = all.found
      .filter(({ tenantId, reason }) => tenantId === tenant || tenantId === null || reason !== 'inserted')
      .map((finding) => (finding.tenantId === tenant ? finding : { ...finding, eventId: null }));
    return { found: concerning, events: own.length };
  }

  /**
   * Without what is missing because it is archived, and with what was sealed although it came too late to an archived month.
   * Asked after the events were read: a month may be archived at this moment.
   */
  private async besideArchives(
    { payload }: Seal,
    found: readonly FoundAt[],
    events: readonly LoggedEvent[],
  ): Promise<readonly FoundAt[]> {
    const { month, number, sealedAt } = payload;
    const isOfBefore = month.slice(0, 7) < sealedAt.slice(0, 7);
    if (!isOfBefore && found.every(({ reason }) => reason !== 'missing')) return found;
    const months = (await this.archives.list()).filter((archived) => archived.month === month);
    if (months.some(({ throughSeal }) => number <= throughSeal))
      return found.filter(({ reason }) => reason !== 'missing');
    if (!comesTooLate(months, month, new Date(sealedAt))) return found;
    const named = new Set(found.map(({ sequence }) => sequence));
    const late = events.filter((event) => !named.has(sequenceOf(event)));
    return [...found, ...late.map((event) => foundAt({ payload }, event, 'inserted'))];
  }
}
