ALTER TABLE tenants
  ADD COLUMN allowed_email_domains text[] NOT NULL DEFAULT '{}',
  ADD COLUMN session_max_days smallint,
  ADD COLUMN ip_allowlist text[] NOT NULL DEFAULT '{}',
  ADD COLUMN api_key_max_days smallint,
  ADD CONSTRAINT tenants_allowed_email_domains_few CHECK (cardinality(allowed_email_domains) <= 100),
  ADD CONSTRAINT tenants_ip_allowlist_short CHECK (cardinality(ip_allowlist) <= 100),
  ADD CONSTRAINT tenants_session_max_days_in_range CHECK (session_max_days BETWEEN 1 AND 365),
  ADD CONSTRAINT tenants_api_key_max_days_in_range CHECK (api_key_max_days BETWEEN 1 AND 3650);

COMMENT ON COLUMN tenants.allowed_email_domains IS 'Of which domains the addresses of new members are, in lower-case ASCII. Empty: of any.';
COMMENT ON COLUMN tenants.session_max_days IS 'For how long a session may go on here after its sign-in, whatever the settings allow. NULL: as the settings say.';
COMMENT ON COLUMN tenants.ip_allowlist IS 'Addresses and networks in CIDR notation from which alone this tenant may be used. Empty: from any.';
COMMENT ON COLUMN tenants.api_key_max_days IS 'For how long an API key may live. NULL: a year.';
