ALTER TABLE outbox
  ADD COLUMN recipient_key bytea,
  ADD COLUMN in_hand boolean NOT NULL DEFAULT false,
  ADD COLUMN tried_since timestamptz,
  ADD COLUMN failures integer NOT NULL DEFAULT 0,
  ADD COLUMN refusals integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT outbox_recipient_key_is_hmac_sha256 CHECK (octet_length(recipient_key) = 32),
  ADD CONSTRAINT outbox_failures_counted CHECK (failures >= refusals AND refusals >= 0);

CREATE INDEX outbox_recipient ON outbox (recipient_key) WHERE recipient_key IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_given_up ON outbox (given_up_at) WHERE given_up_at IS NOT NULL;

COMMENT ON COLUMN outbox.recipient_key IS 'HMAC-SHA-256 of the address under a key derived from MASTER_KEY: finds the mails of one mailbox. NULL for a mail to nobody, and in rows of older versions.';
COMMENT ON COLUMN outbox.in_hand IS 'Some process tries to send it, until next_attempt_at at the latest.';
COMMENT ON COLUMN outbox.tried_since IS 'When somebody asked for it to be tried anew; NULL: nobody did, and it counts from created_at.';
COMMENT ON COLUMN outbox.failures IS 'Attempts since tried_since that failed for this mail. Those that did not reach the mail server do not count.';
COMMENT ON COLUMN outbox.refusals IS 'Of the failures, those that the mail server meant for good.';
