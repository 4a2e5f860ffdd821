DROP INDEX signing_keys_one_next;
DELETE FROM signing_keys WHERE state = 'retired';
UPDATE signing_keys SET state = 'previous' WHERE state = 'next';
ALTER TABLE signing_keys
  DROP COLUMN published_at,
  DROP COLUMN takes_over_at,
  DROP COLUMN activated_at,
  DROP COLUMN retires_at,
  DROP COLUMN brought,
  DROP CONSTRAINT signing_keys_state_known,
  ADD CONSTRAINT signing_keys_state_known CHECK (state IN ('current', 'previous'));
