-- Who users are elsewhere: an issuer and a subject of it. The address is what the issuer says, and identifies nobody.
CREATE TABLE linked_identities (
  id uuid CONSTRAINT linked_identities_pkey PRIMARY KEY,
  user_id uuid NOT NULL CONSTRAINT linked_identities_user REFERENCES users (id) ON DELETE CASCADE,
  provider text NOT NULL,
  issuer text NOT NULL,
  subject text NOT NULL,
  email text,
  tokens_sealed bytea,
  tokens_expire_at timestamptz,
  linked_at timestamptz NOT NULL,
  last_login_at timestamptz,
  made_account boolean NOT NULL DEFAULT false,
  CONSTRAINT linked_identities_of_one_user UNIQUE (issuer, subject),
  CONSTRAINT linked_identities_one_of_an_issuer UNIQUE (user_id, issuer)
);
CREATE INDEX linked_identities_with_tokens ON linked_identities (id) WHERE tokens_sealed IS NOT NULL;

-- A sign-in that waits for the answer of a provider. Taken once, and gone.
CREATE TABLE oauth_transactions (
  id uuid CONSTRAINT oauth_transactions_pkey PRIMARY KEY,
  state_hash bytea NOT NULL CONSTRAINT oauth_transactions_state_unique UNIQUE,
  browser_hash bytea NOT NULL,
  provider text NOT NULL,
  kind text NOT NULL CONSTRAINT oauth_transactions_kind_known CHECK (kind IN ('browser', 'api')),
  secrets_sealed bytea NOT NULL,
  redirect_uri text,
  tenant text,
  link_user_id uuid CONSTRAINT oauth_transactions_linking_user REFERENCES users (id) ON DELETE CASCADE,
  link_session_id uuid,
  link_tenant_id uuid,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT oauth_transactions_link_whole CHECK (num_nulls(link_user_id, link_session_id, link_tenant_id) IN (0, 3))
);
CREATE INDEX oauth_transactions_ended ON oauth_transactions (expires_at);
CREATE INDEX oauth_transactions_of_browser ON oauth_transactions (browser_hash);
CREATE INDEX oauth_transactions_linking ON oauth_transactions (link_user_id) WHERE link_user_id IS NOT NULL;

-- Whom a tenant makes members as they come: who signs in for the first time, there, with an address of its domains.
ALTER TABLE tenants ADD COLUMN auto_join_providers text[] NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN auto_join_role text;
CREATE INDEX tenants_joined_through ON tenants USING gin (auto_join_providers) WHERE auto_join_providers <> '{}';

COMMENT ON TABLE linked_identities IS 'Who users are at identity providers.';
COMMENT ON COLUMN linked_identities.provider IS 'By which provider it was linked, as the settings called it then.';
COMMENT ON COLUMN linked_identities.email IS 'What the provider said last; nobody is found by it.';
COMMENT ON COLUMN linked_identities.tokens_sealed IS 'What the provider gave, where OAUTH_KEEP_PROVIDER_TOKENS is on.';
COMMENT ON COLUMN linked_identities.last_login_at IS 'When it last answered for the account, and was not refused.';
COMMENT ON COLUMN linked_identities.made_account IS 'Whether the account was made with it: it stays when the address is verified.';
COMMENT ON TABLE oauth_transactions IS 'Sign-ins begun at identity providers, for ten minutes.';
COMMENT ON COLUMN oauth_transactions.browser_hash IS 'SHA-256 of what the browser keeps in a cookie: it alone may bring the answer.';
COMMENT ON COLUMN oauth_transactions.secrets_sealed IS 'Nonce, PKCE verifier, and the device token that the browser showed.';
COMMENT ON COLUMN oauth_transactions.tenant IS 'What was asked for: id or slug of the tenant to be active.';
COMMENT ON COLUMN oauth_transactions.link_tenant_id IS 'Where the session leads that asked for the link.';
COMMENT ON COLUMN tenants.auto_join_providers IS 'Providers whose new users become members; for system administrators to say.';
COMMENT ON COLUMN tenants.auto_join_role IS 'The role they get; NULL: viewer.';
