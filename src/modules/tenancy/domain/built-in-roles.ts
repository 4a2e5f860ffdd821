export type RoleDefinition = {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
};

export const OWNER = 'owner';
export const ADMIN = 'admin';
export const VIEWER = 'viewer';

/** The roles every tenant has. Clients of earlier systems know them by these names and grants. */
export const BUILT_IN_ROLES: readonly RoleDefinition[] = [
  { name: OWNER, description: 'Everything in the tenant', permissions: ['*:*'] },
  {
    name: ADMIN,
    description: 'Runs the tenant',
    permissions: [
      'detector:*',
      'dataset:*',
      'detection:*',
      'experiment:*',
      'user:*',
      'system:*',
      'role:*',
      'api_key:*',
      'audit:read',
      'session:*',
      'tenant:read',
      'tenant:update',
    ],
  },
  {
    name: 'data_scientist',
    description: 'Builds detectors and runs experiments',
    permissions: [
      'detector:create',
      'detector:read',
      'detector:update',
      'dataset:create',
      'dataset:read',
      'dataset:update',
      'detection:train',
      'detection:predict',
      'detection:explain',
      'experiment:create',
      'experiment:read',
      'experiment:update',
    ],
  },
  {
    name: 'analyst',
    description: 'Uses detectors',
    permissions: ['detector:read', 'dataset:read', 'detection:predict', 'detection:explain', 'experiment:read'],
  },
  { name: VIEWER, description: 'Looks', permissions: ['detector:read', 'dataset:read', 'experiment:read'] },
];
