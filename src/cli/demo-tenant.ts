import type { INestApplicationContext } from '@nestjs/common';
import type { TenantId, UserId } from '../kernel/ids';
import { IdentityFacade, type UserView } from '../modules/identity/identity.facade';
import { SigninFacade } from '../modules/signin/signin.facade';
import { BUILT_IN_ROLES, OWNER, TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { ApiKeysFacade } from '../modules/tokens/api-keys.facade';

export type DemoUser = { readonly role: string; readonly email: string; readonly password: string | null };
export type DemoKey = { readonly name: string; readonly owner: string; readonly key: string | null };
export type Demo = { readonly users: readonly DemoUser[]; readonly apiKey: DemoKey };

const TENANT = 'Demo';
const KEY = {
  name: 'demo',
  description: 'Made by seed --demo',
  permissions: ['detector:read', 'dataset:read', 'token:introspect'],
};
const PAGE = 100;
const addressOf = (role: string): string => `${role.replaceAll('_', '-')}@demo.localhost`;

/** A tenant to try things in, with a user for each built-in role and an API key. */
export class DemoTenant {
  constructor(private readonly app: INestApplicationContext) {}

  /** What is there already is left alone, and shown without its secret: that was shown when it was made. */
  async seed(): Promise<Demo> {
    const users: DemoUser[] = [];
    for (const { name: role } of BUILT_IN_ROLES) users.push(await this.user(role));
    return { users, apiKey: await this.apiKey() };
  }

  /** The owner comes first and opens the tenant, which the others join. */
  private async user(role: string): Promise<DemoUser> {
    const email = addressOf(role);
    if (await this.find(role)) return { role, email, password: null };
    const tenant = role === OWNER ? undefined : (await this.owner()).tenant;
    const placed = tenant === undefined ? { tenantName: TENANT } : { tenant, role };
    const { oneTimePassword } = await this.app.get(SigninFacade).createAccount({ email, ...placed });
    return { role, email, password: oneTimePassword };
  }

  private async apiKey(): Promise<DemoKey> {
    const { id: ownerId, tenant: tenantId } = await this.owner();
    const shown = { name: KEY.name, owner: addressOf(OWNER) };
    const keys = this.app.get(ApiKeysFacade);
    const { items } = await keys.list(tenantId, PAGE, null);
    if (items.some(({ name }) => name === KEY.name)) return { ...shown, key: null };
    const { key } = await keys.mint({ ...KEY, tenantId, ownerId, expiresAt: null });
    return { ...shown, key };
  }

  private async owner(): Promise<{ readonly id: UserId; readonly tenant: TenantId }> {
    const owner = await this.find(OWNER);
    const membership = owner && (await this.app.get(TenancyFacade).membershipOf(owner.id, null));
    if (!membership) throw new Error('The demonstration tenant has lost its owner');
    return { id: owner.id, tenant: membership.tenant.id };
  }

  private find(role: string): Promise<UserView | null> {
    return this.app.get(IdentityFacade).users.findByReference(addressOf(role));
  }
}
