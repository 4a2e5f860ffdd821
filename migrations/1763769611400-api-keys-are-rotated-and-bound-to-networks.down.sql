ALTER TABLE api_keys
  DROP COLUMN allowed_ips,
  DROP COLUMN last_used_at,
  DROP COLUMN successor_id;
