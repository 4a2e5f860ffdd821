CREATE TABLE sessions (
  id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT sessions_user REFERENCES users (id),
  tenant_id uuid NOT NULL CONSTRAINT sessions_tenant REFERENCES tenants (id),
  secret bytea NOT NULL,
  generation integer NOT NULL,
  authentication_methods text[] NOT NULL,
  authenticated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  idle_expires_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  revoked_at timestamptz,
  revoked_for text,
  CONSTRAINT sessions_secret_long_enough CHECK (octet_length(secret) = 32),
  CONSTRAINT sessions_generation_positive CHECK (generation >= 1),
  CONSTRAINT sessions_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
);

CREATE INDEX sessions_of_user ON sessions (user_id) WHERE revoked_at IS NULL;

COMMENT ON COLUMN sessions.secret IS 'Half of the key of this session''s refresh tokens; the other half is derived from MASTER_KEY.';
COMMENT ON COLUMN sessions.generation IS 'The counter of the one refresh token that is current.';
COMMENT ON COLUMN sessions.expires_at IS 'Fixed at sign-in; rotation moves idle_expires_at alone.';

CREATE TABLE signing_keys (
  kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
  algorithm text NOT NULL,
  public_jwk jsonb NOT NULL,
  private_key_sealed bytea NOT NULL,
  state text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT signing_keys_kid_well_formed CHECK (kid ~ '^[A-Za-z0-9_-]{1,64}$'),
  CONSTRAINT signing_keys_state_known CHECK (state IN ('current', 'previous'))
);

CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';

COMMENT ON COLUMN signing_keys.private_key_sealed IS 'PKCS #8, sealed with AES-256-GCM under a key derived from MASTER_KEY and bound to this kid.';
