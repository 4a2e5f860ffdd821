/** A kind of thing, and what can be done with it. */
export type Resource = {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly string[];
};

/** How many resources a tenant may register. */
export const MOST_RESOURCES = 100;

const resource = (name: string, description: string, actions: string): Resource => ({
  name,
  description,
  actions: actions.split(' '),
});

/**
 * What this service and the systems it serves know from the start. Any well-formed permission may be granted, named
 * here or not.
 */
export const BUILT_IN_RESOURCES: readonly Resource[] = [
  resource('api_key', 'API keys', 'create read update delete'),
  resource('audit', 'The audit log', 'read'),
  resource('dataset', 'Datasets', 'create read update delete'),
  resource('detection', 'What is done with detectors', 'train predict explain'),
  resource('detector', 'Detectors', 'create read update delete'),
  resource('experiment', 'Experiments', 'create read update delete'),
  resource('role', 'Roles, and who holds them', 'create read update delete grant'),
  resource('session', 'Sessions of members', 'read revoke'),
  resource('system', 'The state of the service', 'read'),
  resource('tenant', 'The tenant and its policy', 'read update delete'),
  resource('token', 'Tokens that others present', 'introspect'),
  resource('user', 'Members and invitations', 'create read update delete'),
];

export function isBuiltInResource(name: string): boolean {
  return BUILT_IN_RESOURCES.some((known) => known.name === name);
}
