CREATE TABLE users (
  id uuid CONSTRAINT users_pkey PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL,
  username text,
  username_key text,
  first_name text,
  last_name text,
  email_verified_at timestamptz,
  status text NOT NULL,
  system_administrator boolean NOT NULL,
  password_hash text,
  password_changed_at timestamptz,
  password_change_required boolean NOT NULL,
  security_stamp uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  last_login_at timestamptz,
  CONSTRAINT users_email_unique UNIQUE (email_key),
  CONSTRAINT users_username_unique UNIQUE (username_key),
  CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
  CONSTRAINT users_username_with_key CHECK ((username IS NULL) = (username_key IS NULL)),
  CONSTRAINT users_password_dated CHECK ((password_hash IS NULL) = (password_changed_at IS NULL))
);

COMMENT ON COLUMN users.email_key IS 'The address as compared: lower case. Two spellings of one mailbox are one user.';
COMMENT ON COLUMN users.username_key IS 'The username as compared: lower case.';
COMMENT ON COLUMN users.password_hash IS 'PHC string (argon2id, or bcrypt); NULL: no password sign-in.';
COMMENT ON COLUMN users.security_stamp IS 'Renewed whenever what protects the account changes.';
