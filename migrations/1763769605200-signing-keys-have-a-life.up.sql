ALTER TABLE signing_keys
  ADD COLUMN published_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN takes_over_at timestamptz,
  ADD COLUMN activated_at timestamptz,
  ADD COLUMN retires_at timestamptz,
  ADD COLUMN brought boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT signing_keys_state_known,
  ADD CONSTRAINT signing_keys_state_known CHECK (state IN ('next', 'current', 'previous', 'retired'));

UPDATE signing_keys SET published_at = created_at;
-- As if from now on: replicas of the version before cannot follow a rotation, and must not meet one at once.
UPDATE signing_keys SET activated_at = now() WHERE state = 'current';
-- No access token lives longer than an hour.
UPDATE signing_keys SET retires_at = now() + interval '61 minutes' WHERE state = 'previous';

CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';

COMMENT ON COLUMN signing_keys.published_at IS 'Since when the key is in the JWK set; it signs only after every cached copy of an older set has expired.';
COMMENT ON COLUMN signing_keys.takes_over_at IS 'When a next key becomes current by itself; NULL: by rotation.';
COMMENT ON COLUMN signing_keys.retires_at IS 'When the last token a previous key has signed is over.';
COMMENT ON COLUMN signing_keys.brought IS 'Whether an operator brought the key by JWT_PRIVATE_KEY; such a key is never rotated by the service.';
COMMENT ON COLUMN signing_keys.private_key_sealed IS 'PKCS #8, sealed with AES-256-GCM under a key derived from MASTER_KEY and bound to this kid; empty once retired.';
