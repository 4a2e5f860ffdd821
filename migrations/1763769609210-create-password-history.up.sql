CREATE TABLE password_history (
  user_id uuid NOT NULL CONSTRAINT password_history_user REFERENCES users (id) ON DELETE CASCADE,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  hash text NOT NULL,
  replaced_at timestamptz NOT NULL,
  CONSTRAINT password_history_pkey PRIMARY KEY (user_id, sequence)
);

COMMENT ON TABLE password_history IS 'Passwords that others took the place of, where a tenant demands that they do not come back.';
COMMENT ON COLUMN password_history.hash IS 'Secret, though it opens nothing: people use passwords elsewhere too.';
