ALTER TABLE tenants
  DROP COLUMN allowed_email_domains,
  DROP COLUMN session_max_days,
  DROP COLUMN ip_allowlist,
  DROP COLUMN api_key_max_days;
