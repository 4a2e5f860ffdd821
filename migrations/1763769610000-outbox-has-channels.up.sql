ALTER TABLE outbox
  ADD COLUMN channel text NOT NULL DEFAULT 'mail',
  ADD COLUMN useless_after timestamptz,
  ADD CONSTRAINT outbox_channel_known CHECK (channel IN ('mail', 'sms')),
  DROP CONSTRAINT outbox_emptied_when_sent,
  ADD CONSTRAINT outbox_emptied_at_end CHECK (
    CASE WHEN sent_at IS NOT NULL THEN contents IS NULL
         ELSE contents IS NOT NULL OR useless_after IS NOT NULL END
  );

-- What waits in one channel is not looked through by those who look for what is due in the other.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, next_attempt_at, id) WHERE sent_at IS NULL AND given_up_at IS NULL;

COMMENT ON COLUMN outbox.channel IS 'Which way it leaves.';
COMMENT ON COLUMN outbox.useless_after IS 'A code that has ended helps nobody: what was not sent by then is given up, and emptied. NULL: it is as good later.';
COMMENT ON COLUMN outbox.contents IS 'Recipient and facts, sealed with AES-256-GCM under a key derived from MASTER_KEY and bound to this id; NULL once sent, or given up with useless_after.';
COMMENT ON COLUMN outbox.recipient_key IS 'HMAC-SHA-256 of the address or number under a key derived from MASTER_KEY: finds the messages of one recipient. NULL for a message to nobody, and in rows of older versions.';
