ALTER TABLE outbox
  ADD COLUMN channel text NOT NULL DEFAULT 'mail',
  ADD COLUMN useless_after timestamptz,
  ADD CONSTRAINT outbox_channel_known CHECK (channel IN ('mail', 'sms'));

COMMENT ON COLUMN outbox.channel IS 'Which way it leaves.';
COMMENT ON COLUMN outbox.useless_after IS 'A code that has ended helps nobody: what was not sent by then is given up. NULL: it is as good later.';
