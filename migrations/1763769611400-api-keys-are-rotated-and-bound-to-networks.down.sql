-- Replaced in the very instant it was made: before, there was no such key.
UPDATE api_keys SET expires_at = created_at + interval '1 millisecond' WHERE expires_at = created_at;

ALTER TABLE api_keys
  DROP CONSTRAINT api_keys_live_for_a_while,
  DROP CONSTRAINT api_keys_successor_is_another,
  ADD CONSTRAINT api_keys_live_for_a_while CHECK (expires_at > created_at),
  DROP COLUMN allowed_ips,
  DROP COLUMN last_used_at,
  DROP COLUMN successor_id;
