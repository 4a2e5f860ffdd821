CREATE TABLE api_keys (
  id text CONSTRAINT api_keys_pkey PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT api_keys_tenant REFERENCES tenants (id),
  owner_id uuid NOT NULL CONSTRAINT api_keys_owner REFERENCES users (id),
  name text NOT NULL,
  description text,
  prefix text NOT NULL,
  secret_hash bytea NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT api_keys_id_well_formed CHECK (id ~ '^ak_[0-9a-f]{32}$'),
  CONSTRAINT api_keys_secret_hash_whole CHECK (octet_length(secret_hash) = 32),
  CONSTRAINT api_keys_permissions_some CHECK (cardinality(permissions) >= 1),
  CONSTRAINT api_keys_live_for_a_while CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX api_keys_secret_hash_unique ON api_keys (secret_hash);
CREATE INDEX api_keys_of_tenant ON api_keys (tenant_id, id) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_of_owner ON api_keys (owner_id) WHERE revoked_at IS NULL;

COMMENT ON COLUMN api_keys.prefix IS 'The beginning of the key, by which people tell their keys apart. Too short to guess the rest from.';
COMMENT ON COLUMN api_keys.secret_hash IS 'HMAC-SHA-256 of the key under a key derived from MASTER_KEY; the key itself is nowhere.';
COMMENT ON COLUMN api_keys.permissions IS 'The most the key may do; what it may do is the part of this that its owner may do now.';
