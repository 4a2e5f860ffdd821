CREATE TABLE tenants (
  id uuid CONSTRAINT tenants_pkey PRIMARY KEY,
  name text NOT NULL,
  slug text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT tenants_slug_unique UNIQUE (slug),
  CONSTRAINT tenants_slug_well_formed CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  CONSTRAINT tenants_kind_known CHECK (kind IN ('personal', 'organization')),
  CONSTRAINT tenants_status_known CHECK (status IN ('active', 'suspended'))
);

CREATE TABLE memberships (
  tenant_id uuid NOT NULL CONSTRAINT memberships_tenant REFERENCES tenants (id),
  user_id uuid NOT NULL CONSTRAINT memberships_user REFERENCES users (id),
  created_at timestamptz NOT NULL,
  CONSTRAINT memberships_pkey PRIMARY KEY (tenant_id, user_id)
);

CREATE INDEX memberships_of_user ON memberships (user_id, created_at, tenant_id);
