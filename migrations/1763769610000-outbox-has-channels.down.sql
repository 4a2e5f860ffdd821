DELETE FROM outbox WHERE channel <> 'mail' OR (sent_at IS NULL AND contents IS NULL);

DROP INDEX outbox_due;
ALTER TABLE outbox
  DROP CONSTRAINT outbox_emptied_at_end,
  ADD CONSTRAINT outbox_emptied_when_sent CHECK ((sent_at IS NULL) = (contents IS NOT NULL)),
  DROP CONSTRAINT outbox_channel_known,
  DROP COLUMN useless_after,
  DROP COLUMN channel;
CREATE INDEX outbox_due ON outbox (next_attempt_at, id) WHERE sent_at IS NULL AND given_up_at IS NULL;

COMMENT ON COLUMN outbox.contents IS 'Recipient and facts, sealed with AES-256-GCM under a key derived from MASTER_KEY and bound to this id; NULL once sent.';
COMMENT ON COLUMN outbox.recipient_key IS 'HMAC-SHA-256 of the address under a key derived from MASTER_KEY: finds the mails of one mailbox. NULL for a mail to nobody, and in rows of older versions.';
