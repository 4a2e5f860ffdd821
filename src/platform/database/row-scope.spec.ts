import { randomUUID } from 'node:crypto';
import { tenantId, userId } from '../../kernel/ids';
import { ALL_TENANTS, NOTHING, type RowScope, RowScopes, settingsOf } from './row-scope';

const [TENANT, USER] = [randomUUID(), randomUUID()];
const ONE: RowScope = { kind: 'tenant', tenant: tenantId(TENANT), user: userId(USER) };

describe('whose rows are seen', () => {
  it('is what the running work was given, and follows it over every await', async () => {
    const scopes = new RowScopes();
    await scopes.run(ONE, async () => {
      await Promise.resolve();
      expect(scopes.current).toEqual(ONE);
      expect(await scopes.run(ALL_TENANTS, () => Promise.resolve(scopes.current))).toEqual(ALL_TENANTS);
      expect(scopes.current).toEqual(ONE);
    });
  });

  it('may be settled while it runs, for that work alone', async () => {
    const scopes = new RowScopes();
    const other = scopes.run(NOTHING, async () => {
      await new Promise(setImmediate);
      return scopes.current;
    });
    scopes.run(NOTHING, () => {
      scopes.settle(ONE);
      expect(scopes.current).toEqual(ONE);
    });
    expect(await other).toEqual(NOTHING);
  });

  it('is settled for nothing that is not running', () => {
    expect(() => {
      new RowScopes().settle(ONE);
    }).toThrow('nothing running');
  });

  it('is all where nobody asked, until a server serves strangers: then it is nothing', () => {
    const scopes = new RowScopes();
    expect(scopes.current).toEqual(ALL_TENANTS);
    scopes.closeOutside();
    expect(scopes.current).toEqual(NOTHING);
    expect(scopes.run(ALL_TENANTS, () => scopes.current)).toEqual(ALL_TENANTS);
  });

  it('is said to PostgreSQL for the transaction alone, and never without the role that is held to it', () => {
    const role = 'SET LOCAL ROLE doorward_service';
    expect(settingsOf(NOTHING)).toBe(role);
    expect(settingsOf(ALL_TENANTS)).toBe(`${role}; SET LOCAL doorward.tenant_id = '*'`);
    const [tenant, user] = [`SET LOCAL doorward.tenant_id = '${TENANT}'`, `SET LOCAL doorward.user_id = '${USER}'`];
    expect(settingsOf(ONE)).toBe(`${role}; ${tenant}; ${user}`);
  });

  it.each(['*', '', `x'; RESET ROLE; --`, `${TENANT}'`])('is never said of what is no id: %j', (text) => {
    expect(() => settingsOf({ ...ONE, tenant: text } as RowScope)).toThrow('no UUID');
    expect(() => settingsOf({ ...ONE, user: text } as RowScope)).toThrow('no UUID');
  });
});
