import type { Principal } from '../../../src/kernel/principal';
import { TenantPolicyAdministration } from '../../../src/modules/tenancy/application/tenant-policy-administration';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { aContext, type TestContext } from '../../support/context';
import { Stored } from '../../support/stored';

const NETWORKS = ['203.0.113.0/24'];
const HERE = '203.0.113.7';

describe('networks that a tenant decides on', () => {
  let one: TestContext;
  let other: TestContext;
  let token: string;
  let owner: Principal;

  const callerAt = async ({ app }: TestContext): Promise<Principal | null> => {
    const tokens = app.get(AuthenticateAccessToken);
    return tokens.execute(await tokens.verify(token));
  };

  beforeAll(async () => {
    one = await aContext({ database: 'postgres' });
    other = await aContext({ database: one.database });
    const stored = new Stored(one);
    const member = await stored.newMember();
    await stored.member(member, 'owner');
    token = (await stored.signedIn(member)).accessToken;
    owner = (await callerAt(one))!;
  });
  afterAll(async () => {
    await other.stop();
    await one.stop();
  });

  it('bind sessions at once where it was decided, and at every other replica within a second', async () => {
    expect([(await callerAt(one))?.networks, (await callerAt(other))?.networks]).toEqual([[], []]);
    await one.app.get(TenantPolicyAdministration).change(owner, owner.tenantId, { ipAllowlist: NETWORKS }, HERE);
    expect((await callerAt(one))?.networks).toEqual(NETWORKS);
    other.clock.advance({ seconds: 1 });
    expect((await callerAt(other))?.networks).toEqual(NETWORKS);
  });
});
