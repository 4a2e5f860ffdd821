ALTER TABLE outbox
  DROP COLUMN recipient_key,
  DROP COLUMN in_hand,
  DROP COLUMN tried_since,
  DROP COLUMN failures,
  DROP COLUMN refusals;

DROP INDEX outbox_sent;
DROP INDEX outbox_given_up;
