CREATE TABLE registered_resources (
  tenant_id uuid NOT NULL CONSTRAINT registered_resources_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  resource text NOT NULL,
  description text NOT NULL,
  actions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT registered_resources_pkey PRIMARY KEY (tenant_id, resource),
  CONSTRAINT registered_resources_name_well_formed CHECK (resource ~ '^[a-z][a-z0-9_-]{0,63}$'),
  CONSTRAINT registered_resources_actions_some CHECK (cardinality(actions) BETWEEN 1 AND 100)
);

CREATE INDEX roles_of_tenant ON roles (tenant_id, id);
CREATE INDEX membership_roles_of_role ON membership_roles (role_id);

COMMENT ON TABLE registered_resources IS 'What the applications of a tenant keep, and what can be done with it. For people who write roles: any well-formed permission may be granted, registered or not.';
