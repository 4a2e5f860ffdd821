CREATE TABLE mailed_secrets (
  id uuid CONSTRAINT mailed_secrets_pkey PRIMARY KEY,
  purpose text NOT NULL,
  user_id uuid CONSTRAINT mailed_secrets_user REFERENCES users (id) ON DELETE CASCADE,
  address text,
  address_key bytea NOT NULL,
  session_id uuid,
  token_hash bytea NOT NULL,
  code_hash bytea,
  wrong_codes integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  code_expires_at timestamptz,
  CONSTRAINT mailed_secrets_token_unique UNIQUE (token_hash),
  CONSTRAINT mailed_secrets_purpose_known
    CHECK (purpose IN ('email_verification', 'password_reset', 'email_change', 'email_change_undo')),
  CONSTRAINT mailed_secrets_hashes_whole
    CHECK (octet_length(token_hash) = 32 AND octet_length(address_key) = 32 AND octet_length(code_hash) = 32),
  CONSTRAINT mailed_secrets_code_ends CHECK ((code_hash IS NULL) = (code_expires_at IS NULL)),
  CONSTRAINT mailed_secrets_wrong_codes_counted CHECK (wrong_codes >= 0),
  CONSTRAINT mailed_secrets_live_for_a_while CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX mailed_secrets_newest_of_user ON mailed_secrets (purpose, user_id)
  WHERE user_id IS NOT NULL AND purpose IN ('password_reset', 'email_change');
CREATE UNIQUE INDEX mailed_secrets_newest_of_nobody ON mailed_secrets (purpose, address_key)
  WHERE user_id IS NULL AND purpose IN ('password_reset', 'email_change');
CREATE INDEX mailed_secrets_of_mailbox ON mailed_secrets (address_key, purpose);
CREATE INDEX mailed_secrets_of_user ON mailed_secrets (user_id);
CREATE INDEX mailed_secrets_by_end ON mailed_secrets (expires_at);

COMMENT ON TABLE mailed_secrets IS 'Links and codes that were mailed and not used yet. An address without an account has rows too, or time would tell.';
COMMENT ON COLUMN mailed_secrets.address IS 'What becomes the address of the account; NULL where that stays.';
COMMENT ON COLUMN mailed_secrets.address_key IS 'HMAC-SHA-256 of the mailbox it was sent to, in lower case, under a key derived from MASTER_KEY.';
COMMENT ON COLUMN mailed_secrets.token_hash IS 'SHA-256 of the 256 random bits in the link.';
COMMENT ON COLUMN mailed_secrets.code_hash IS 'HMAC-SHA-256 of id and six digits under a key derived from MASTER_KEY: a million codes are soon tried.';
COMMENT ON COLUMN mailed_secrets.wrong_codes IS 'Goes on in the secret that is mailed next.';
