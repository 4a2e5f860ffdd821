import { tenantId, userId } from '../../../../kernel/ids';
import { UsageTally } from './usage-tally';

const ACME = tenantId('01890a5d-ac96-774b-bcce-b302099a8057');
const OTHER = tenantId('01890a5d-ac96-774b-bcce-b302099a8058');
const ANN = userId('01890a5d-ac96-774b-bcce-b302099a8059');
const TODAY = '2026-01-01';
const ROOM = 100_000;

describe('what was used and is not written yet', () => {
  let tally: UsageTally;
  beforeEach(() => {
    tally = new UsageTally();
  });

  it('is one number for each tenant, day and metric', () => {
    for (let time = 0; time < 3; time += 1) tally.count(ACME, TODAY, 'requests');
    tally.count(ACME, '2026-01-02', 'requests');
    tally.count(ACME, TODAY, 'mails');
    tally.count(OTHER, TODAY, 'requests');
    expect(tally.of(ACME, TODAY, 'requests')).toBe(3);
    expect(tally.take(10).counts.map(({ amount }) => amount)).toEqual([3, 1, 1, 1]);
  });

  it('is still known while it is on its way, and not when it is written', () => {
    tally.count(ACME, TODAY, 'requests');
    tally.take(10);
    tally.count(ACME, TODAY, 'requests');
    expect(tally.of(ACME, TODAY, 'requests')).toBe(2);
    tally.settle();
    expect(tally.of(ACME, TODAY, 'requests')).toBe(1);
  });

  it('goes with the next batch when it could not be written, what came meanwhile with it', () => {
    tally.count(ACME, TODAY, 'requests');
    tally.sight(ACME, TODAY, ANN);
    tally.take(10);
    tally.count(ACME, TODAY, 'requests');
    tally.putBack();
    expect(tally.of(ACME, TODAY, 'requests')).toBe(2);
    expect(tally.take(10)).toMatchObject({ counts: [{ amount: 2 }], sightings: [{ userId: ANN }] });
  });

  it('is taken no more at once than is asked for', () => {
    tally.count(ACME, TODAY, 'requests');
    tally.count(OTHER, TODAY, 'requests');
    expect(tally.take(1).counts).toHaveLength(1);
    tally.settle();
    expect(tally.take(1).counts).toMatchObject([{ tenantId: OTHER }]);
    tally.settle();
    expect(tally.take(1).counts).toEqual([]);
  });

  it('names who was there once a day, however often', () => {
    tally.sight(ACME, TODAY, ANN);
    tally.sight(ACME, TODAY, ANN);
    expect(tally.take(10).sightings).toHaveLength(1);
    tally.settle();
    tally.sight(ACME, TODAY, ANN);
    tally.sight(ACME, '2026-01-02', ANN);
    expect(tally.take(10).sightings).toMatchObject([{ day: '2026-01-02' }]);
  });

  it('is bounded: what is known goes on counting, what is new is given up, and how much is told', () => {
    const tenants = Array.from({ length: ROOM + 1 }, (_, nth) => tenantId(uuidOf(nth)));
    for (const tenant of tenants) tally.count(tenant, TODAY, 'requests');
    for (const tenant of tenants) tally.count(tenant, TODAY, 'requests');
    expect([tally.of(tenants[0]!, TODAY, 'requests'), tally.of(tenants[ROOM]!, TODAY, 'requests')]).toEqual([2, 0]);
    expect([tally.takeLost(), tally.takeLost()]).toEqual([2, 0]);
  });
});

function uuidOf(nth: number): string {
  return `01890a5d-ac96-774b-bcce-${nth.toString(16).padStart(12, '0')}`;
}
