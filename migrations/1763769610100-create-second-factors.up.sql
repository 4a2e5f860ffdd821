CREATE TABLE factors (
  id uuid CONSTRAINT factors_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT factors_user REFERENCES users (id) ON DELETE CASCADE,
  type text NOT NULL,
  label text NOT NULL,
  secret bytea,
  last_step bigint,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_used_at timestamptz,
  held_until timestamptz,
  CONSTRAINT factors_type_known CHECK (type IN ('totp', 'sms', 'email')),
  CONSTRAINT factors_label_short CHECK (length(label) BETWEEN 1 AND 100),
  CONSTRAINT factors_secret_where_there_is_one CHECK ((type = 'email') = (secret IS NULL)),
  CONSTRAINT factors_steps_of_totp_alone CHECK (last_step IS NULL OR type = 'totp'),
  CONSTRAINT factors_used_when_confirmed CHECK (last_used_at IS NULL OR confirmed_at IS NOT NULL)
);

CREATE UNIQUE INDEX factors_one_of_a_type ON factors (user_id, type) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX factors_one_being_set_up ON factors (user_id, type) WHERE confirmed_at IS NULL;
CREATE INDEX factors_never_confirmed ON factors (created_at) WHERE confirmed_at IS NULL;

COMMENT ON TABLE factors IS 'Second factors. One that is not confirmed yet proves nothing, and takes the place of the one there is when it is.';
COMMENT ON COLUMN factors.secret IS 'Of totp the shared secret, of sms the number: sealed with AES-256-GCM under a key derived from MASTER_KEY, bound to user and id. NULL for email: it is the account''s address.';
COMMENT ON COLUMN factors.label IS 'For people. Of a number no more than the country and the last digits.';
COMMENT ON COLUMN factors.last_step IS 'The last 30-second step a code was taken of (RFC 6238, 5.2): none up to it is taken again.';
COMMENT ON COLUMN factors.held_until IS 'Until then it proves nothing.';

CREATE TABLE factor_guesses (
  user_id uuid CONSTRAINT factor_guesses_pkey PRIMARY KEY CONSTRAINT factor_guesses_user REFERENCES users (id) ON DELETE CASCADE,
  recent jsonb NOT NULL,
  failures jsonb NOT NULL,
  stopped jsonb NOT NULL
);

COMMENT ON TABLE factor_guesses IS 'Wrong codes of an account, wherever they were shown. Whoever checks or changes its second factors holds this row.';
COMMENT ON COLUMN factor_guesses.recent IS 'The newest wrong codes of all kinds together, method and milliseconds since 1970.';
COMMENT ON COLUMN factor_guesses.failures IS 'In a row, by kind of factor.';
COMMENT ON COLUMN factor_guesses.stopped IS 'Since when a kind of factor is disabled, in milliseconds since 1970, for it was guessed at too often.';

CREATE TABLE backup_codes (
  id uuid CONSTRAINT backup_codes_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT backup_codes_user REFERENCES users (id) ON DELETE CASCADE,
  factor_id uuid CONSTRAINT backup_codes_factor REFERENCES factors (id) ON DELETE CASCADE,
  selector text NOT NULL,
  code_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT backup_codes_selector_well_formed CHECK (selector ~ '^[0-9a-z]{4}$'),
  CONSTRAINT backup_codes_hash_is_argon2id CHECK (code_hash LIKE '$argon2id$%')
);

CREATE UNIQUE INDEX backup_codes_selector_unique ON backup_codes (user_id, selector) WHERE factor_id IS NULL;
CREATE INDEX backup_codes_of_factor ON backup_codes (factor_id) WHERE factor_id IS NOT NULL;

COMMENT ON COLUMN backup_codes.factor_id IS 'The factor being set up that they were made with: good when that is confirmed. NULL: good.';
COMMENT ON COLUMN backup_codes.selector IS 'The first letters of the code, by which it is found: a check costs one hash, not ten.';

CREATE TABLE factor_codes (
  bound_to text NOT NULL,
  method text NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL CONSTRAINT factor_codes_user REFERENCES users (id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT factor_codes_pkey PRIMARY KEY (bound_to, method),
  CONSTRAINT factor_codes_bound_to_well_formed CHECK (bound_to ~ '^(challenge|session|factor):[0-9a-f-]{36}$'),
  CONSTRAINT factor_codes_method_known CHECK (method IN ('sms', 'email')),
  CONSTRAINT factor_codes_hash_whole CHECK (octet_length(code_hash) = 32)
);

CREATE INDEX factor_codes_of_user ON factor_codes (user_id);
CREATE INDEX factor_codes_by_end ON factor_codes (expires_at);

COMMENT ON TABLE factor_codes IS 'Codes that were sent and not used yet. A newer one takes the place of the older.';
COMMENT ON COLUMN factor_codes.bound_to IS 'What it is good for alone: one challenge, one session, or one factor being set up.';
COMMENT ON COLUMN factor_codes.code_hash IS 'HMAC-SHA-256 of id and six digits under a key derived from MASTER_KEY: a million codes are soon tried.';

CREATE TABLE trusted_devices (
  id uuid CONSTRAINT trusted_devices_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT trusted_devices_user REFERENCES users (id) ON DELETE CASCADE,
  tenant_id uuid NOT NULL CONSTRAINT trusted_devices_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  token_hash bytea NOT NULL,
  security_stamp uuid NOT NULL,
  name text NOT NULL,
  ip_address text,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz NOT NULL,
  CONSTRAINT trusted_devices_hash_whole CHECK (octet_length(token_hash) = 32),
  CONSTRAINT trusted_devices_name_short CHECK (length(name) BETWEEN 1 AND 60),
  CONSTRAINT trusted_devices_token_unique UNIQUE (tenant_id, token_hash)
);

CREATE INDEX trusted_devices_of_user ON trusted_devices (user_id, tenant_id);
CREATE INDEX trusted_devices_by_end ON trusted_devices (expires_at);

COMMENT ON TABLE trusted_devices IS 'Devices that are spared the second factor, each by one user in one tenant.';
COMMENT ON COLUMN trusted_devices.token_hash IS 'SHA-256 of the token the device keeps.';
COMMENT ON COLUMN trusted_devices.security_stamp IS 'The user''s when it was trusted: with another one it is trusted no more.';
