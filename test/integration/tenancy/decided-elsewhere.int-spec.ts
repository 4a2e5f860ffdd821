import type { Principal } from '../../../src/kernel/principal';
import { TenantPolicyAdministration } from '../../../src/modules/tenancy/application/tenant-policy-administration';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { aContext, type TestContext } from '../../support/context';
import { Inviting } from '../../support/inviting';
import { Stored } from '../../support/stored';

const NETWORKS = ['203.0.113.0/24'];
const HERE = '203.0.113.7';

describe('networks that an owner decides on', () => {
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
    const decider = await stored.newMember();
    await stored.member(decider, 'owner');
    owner = await new Inviting(one).callerOf(decider);
    const { id: userId } = (await stored.user()).snapshot();
    await stored.member({ ...decider, userId });
    token = (await stored.signedIn({ ...decider, userId })).accessToken;
  });
  afterAll(async () => {
    await other.stop();
    await one.stop();
  });

  it('bind the sessions of others at once where it was decided, and at every other replica within a second', async () => {
    expect([(await callerAt(one))?.networks, (await callerAt(other))?.networks]).toEqual([[], []]);
    await one.app.get(TenantPolicyAdministration).change(owner, owner.tenantId, { ipAllowlist: NETWORKS }, HERE);
    expect((await callerAt(one))?.networks).toEqual(NETWORKS);
    other.clock.advance({ seconds: 1 });
    expect((await callerAt(other))?.networks).toEqual(NETWORKS);
  });
});
