CREATE TABLE outbox (
  id uuid CONSTRAINT outbox_pkey PRIMARY KEY,
  template text NOT NULL,
  contents bytea,
  created_at timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  sent_at timestamptz,
  given_up_at timestamptz,
  last_error text,
  CONSTRAINT outbox_template_well_formed CHECK (template ~ '^[a-z][a-z0-9-]{0,63}$'),
  CONSTRAINT outbox_attempts_counted CHECK (attempts >= 0),
  CONSTRAINT outbox_ends_once CHECK (sent_at IS NULL OR given_up_at IS NULL),
  CONSTRAINT outbox_emptied_when_sent CHECK ((sent_at IS NULL) = (contents IS NOT NULL)),
  CONSTRAINT outbox_last_error_short CHECK (length(last_error) <= 100)
);

CREATE INDEX outbox_due ON outbox (next_attempt_at, id) WHERE sent_at IS NULL AND given_up_at IS NULL;

COMMENT ON COLUMN outbox.contents IS 'Recipient and facts, sealed with AES-256-GCM under a key derived from MASTER_KEY and bound to this id; NULL once sent.';
COMMENT ON COLUMN outbox.next_attempt_at IS 'Also the lease: a process that takes a mail moves this on, and nobody else takes it until then.';
COMMENT ON COLUMN outbox.attempts IS 'Counted when a mail is taken. Only who took it last may say what became of it.';
COMMENT ON COLUMN outbox.last_error IS 'Codes alone: what a mail server says in words may name the recipient.';
