CREATE TABLE invitations (
  id uuid CONSTRAINT invitations_pkey PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT invitations_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  role_id uuid NOT NULL CONSTRAINT invitations_role REFERENCES roles (id) ON DELETE CASCADE,
  email text NOT NULL,
  email_key bytea NOT NULL,
  invited_by uuid NOT NULL,
  token_hash bytea NOT NULL,
  code_hash bytea NOT NULL,
  code_failures smallint NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  code_expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  CONSTRAINT invitations_token_hash_whole CHECK (octet_length(token_hash) = 32),
  CONSTRAINT invitations_code_hash_whole CHECK (octet_length(code_hash) = 32),
  CONSTRAINT invitations_email_key_whole CHECK (octet_length(email_key) = 32),
  CONSTRAINT invitations_code_failures_counted CHECK (code_failures >= 0),
  CONSTRAINT invitations_live_for_a_while CHECK (expires_at > sent_at),
  CONSTRAINT invitations_code_ends_with_the_link CHECK (code_expires_at <= expires_at),
  CONSTRAINT invitations_end_once CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  CONSTRAINT invitations_accepted_by_somebody CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);

CREATE UNIQUE INDEX invitations_token_hash_unique ON invitations (token_hash);
CREATE UNIQUE INDEX invitations_one_open ON invitations (tenant_id, email_key)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_of_tenant ON invitations (tenant_id, id);
CREATE INDEX invitations_of_role ON invitations (role_id);
CREATE INDEX invitations_of_address ON invitations (email_key, id);
CREATE INDEX invitations_ended ON invitations (LEAST(accepted_at, revoked_at, expires_at));

COMMENT ON COLUMN invitations.email_key IS 'HMAC-SHA-256 of the address, its case aside, under a key derived from MASTER_KEY: by what two spellings are one.';
COMMENT ON COLUMN invitations.invited_by IS 'Who may be gone by now; then nobody vouches for the role any more.';
COMMENT ON COLUMN invitations.token_hash IS 'SHA-256 of the token in the mailed link; the token itself is nowhere but in the mail.';
COMMENT ON COLUMN invitations.code_hash IS 'HMAC-SHA-256 of the mailed code under a key derived from MASTER_KEY.';
COMMENT ON COLUMN invitations.code_failures IS 'Wrong codes so far. They go on in whatever invitation is mailed to the address within a day, by whichever tenant.';
COMMENT ON COLUMN invitations.code_expires_at IS 'Six digits are easier to guess than the link, so their time is shorter.';
