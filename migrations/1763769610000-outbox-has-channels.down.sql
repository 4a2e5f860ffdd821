DELETE FROM outbox WHERE channel <> 'mail';
ALTER TABLE outbox
  DROP CONSTRAINT outbox_channel_known,
  DROP COLUMN useless_after,
  DROP COLUMN channel;
