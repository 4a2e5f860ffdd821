CREATE TABLE roles (
  id uuid CONSTRAINT roles_pkey PRIMARY KEY,
  tenant_id uuid CONSTRAINT roles_tenant REFERENCES tenants (id),
  name text NOT NULL,
  description text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT roles_name_well_formed CHECK (name ~ '^[a-z][a-z0-9_-]{0,63}$')
);

CREATE UNIQUE INDEX roles_built_in_name_unique ON roles (name) WHERE tenant_id IS NULL;
CREATE UNIQUE INDEX roles_name_unique ON roles (tenant_id, name) WHERE tenant_id IS NOT NULL;

COMMENT ON COLUMN roles.tenant_id IS 'NULL: a built-in role, the same in every tenant and changed by releases alone.';

CREATE TABLE membership_roles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role_id uuid NOT NULL CONSTRAINT membership_roles_role REFERENCES roles (id),
  granted_at timestamptz NOT NULL,
  CONSTRAINT membership_roles_pkey PRIMARY KEY (tenant_id, user_id, role_id),
  CONSTRAINT membership_roles_membership FOREIGN KEY (tenant_id, user_id)
    REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
);

CREATE VIEW member_grants AS
SELECT m.tenant_id,
       m.user_id,
       ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles,
       ARRAY(SELECT DISTINCT p FROM membership_roles mr JOIN roles r ON r.id = mr.role_id, unnest(r.permissions) p
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY p) AS permissions
FROM memberships m;

COMMENT ON VIEW member_grants IS 'What each member may do in each tenant: the one reading of memberships that other modules share.';
