ALTER TABLE api_keys
  ADD COLUMN allowed_ips text[] NOT NULL DEFAULT '{}',
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN successor_id text,
  DROP CONSTRAINT api_keys_live_for_a_while,
  ADD CONSTRAINT api_keys_live_for_a_while
    CHECK (expires_at > created_at OR (successor_id IS NOT NULL AND expires_at = created_at)),
  ADD CONSTRAINT api_keys_successor_is_another CHECK (successor_id <> id);

COMMENT ON COLUMN api_keys.allowed_ips IS 'Addresses and networks in CIDR notation from which the key is good. Empty: from any.';
COMMENT ON COLUMN api_keys.last_used_at IS 'Written in batches, some seconds late. NULL: never.';
COMMENT ON COLUMN api_keys.successor_id IS 'The key that took its place; until expires_at both are good. NULL: none did.';
