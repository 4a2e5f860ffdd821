-- One seed for each person whose addresses and agents are in the audit log, of which their key is made. Gone with them.
CREATE TABLE audit_person_keys (
  user_id uuid CONSTRAINT audit_person_keys_pkey PRIMARY KEY,
  seed bytea,
  created_at timestamptz NOT NULL,
  destroyed_at timestamptz,
  CONSTRAINT audit_person_keys_destroyed_whole CHECK ((seed IS NULL) = (destroyed_at IS NOT NULL))
);

-- Made with the account, whose id nobody else knows yet: so no transaction waits for a seed that another one makes.
CREATE FUNCTION make_audit_person_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_person_keys (user_id, seed, created_at)
    VALUES (NEW.id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), NEW.created_at)
    ON CONFLICT (user_id) DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER users_have_an_audit_key AFTER INSERT ON users
  FOR EACH ROW EXECUTE FUNCTION make_audit_person_key();
INSERT INTO audit_person_keys (user_id, seed, created_at)
  SELECT id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), created_at FROM users;

-- Nothing is done to a seed but that it goes, and none comes in its place.
CREATE FUNCTION audit_person_keys_only_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.seed IS NOT NULL AND NEW.seed IS NULL AND NEW.user_id = OLD.user_id AND NEW.created_at = OLD.created_at
      THEN RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'keys of persons are only ever added and destroyed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_person_keys_only_go BEFORE UPDATE OR DELETE ON audit_person_keys
  FOR EACH ROW EXECUTE FUNCTION audit_person_keys_only_go();
CREATE TRIGGER audit_person_keys_never_emptied BEFORE TRUNCATE ON audit_person_keys
  FOR EACH STATEMENT EXECUTE FUNCTION audit_person_keys_only_go();

CREATE TABLE audit_secrets (
  id text CONSTRAINT audit_secrets_pkey PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE audit_keys (
  id text CONSTRAINT audit_keys_pkey PRIMARY KEY,
  public_key bytea NOT NULL,
  private_key_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE audit_seals (
  number bigint CONSTRAINT audit_seals_pkey PRIMARY KEY,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  month date NOT NULL,
  first_sequence bigint NOT NULL,
  last_sequence bigint NOT NULL,
  events integer NOT NULL,
  sequences bigint[] NOT NULL,
  sequences_hash bytea NOT NULL,
  leaves bytea NOT NULL,
  root bytea NOT NULL,
  tenants jsonb NOT NULL,
  tenants_hash bytea NOT NULL,
  foreign_sequences bigint[] NOT NULL,
  unsigned integer NOT NULL,
  sealed_at timestamptz NOT NULL,
  key_id text NOT NULL CONSTRAINT audit_seals_key REFERENCES audit_keys (id),
  signature bytea NOT NULL,
  CONSTRAINT audit_seals_number_counts CHECK (number >= 1),
  CONSTRAINT audit_seals_events_some CHECK (events >= 1 AND events = cardinality(sequences) AND length(leaves) = 32 * events)
);
-- Hashes do not compress.
ALTER TABLE audit_seals ALTER COLUMN leaves SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX audit_seals_follow_each_other ON audit_seals (last_sequence);
CREATE INDEX audit_seals_of_month ON audit_seals (month, number);

CREATE TABLE audit_archives (
  month date CONSTRAINT audit_archives_pkey PRIMARY KEY,
  through_seal bigint NOT NULL,
  events bigint NOT NULL,
  file_sha256 bytea NOT NULL,
  archived_at timestamptz NOT NULL,
  key_id text NOT NULL CONSTRAINT audit_archives_key REFERENCES audit_keys (id),
  signature bytea NOT NULL
);

-- Counted up with each seal; what plots are drawn from.
CREATE TABLE audit_daily (
  day date NOT NULL,
  tenant_id uuid,
  action text NOT NULL,
  outcome text NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT audit_daily_one_each UNIQUE NULLS NOT DISTINCT (tenant_id, day, action, outcome)
);
ALTER TABLE audit_daily ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_daily_in_scope ON audit_daily TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR (SELECT all_tenants_in_scope()));
CREATE POLICY audit_daily_of_owner ON audit_daily TO CURRENT_USER USING (true);
CREATE INDEX audit_daily_of_day ON audit_daily (day);

CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_seals_never_emptied BEFORE TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_archives_append_only BEFORE UPDATE OR DELETE ON audit_archives
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_archives_never_emptied BEFORE TRUNCATE ON audit_archives
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();
-- A private half may be sealed under another master key; what was signed is of the same key for ever.
CREATE TRIGGER audit_keys_append_only BEFORE UPDATE OF id, public_key, created_at OR DELETE ON audit_keys
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_keys_never_emptied BEFORE TRUNCATE ON audit_keys
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_secrets_append_only BEFORE UPDATE OF id, created_at OR DELETE ON audit_secrets
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_secrets_never_emptied BEFORE TRUNCATE ON audit_secrets
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();

REVOKE UPDATE, DELETE ON audit_seals, audit_archives, audit_keys, audit_secrets FROM doorward_service;
REVOKE DELETE ON audit_person_keys, audit_daily FROM doorward_service;

COMMENT ON TABLE audit_seals IS 'Batches of committed events, in order, each bound to the one before and signed.';
COMMENT ON COLUMN audit_seals.month IS 'First day of the month (UTC) of all its events: a seal never spans two.';
COMMENT ON COLUMN audit_seals.leaves IS 'The hash of each event, 32 bytes, in the order of sequences: by these an altered event is named.';
COMMENT ON COLUMN audit_seals.foreign_sequences IS 'Events the service did not write as they are, by their mac.';
COMMENT ON COLUMN audit_seals.unsigned IS 'Events of versions before, which signed none.';
COMMENT ON COLUMN audit_person_keys.seed IS '32 random bytes; NULL once destroyed.';
COMMENT ON COLUMN audit_secrets.sealed IS '32 random bytes the keys of the log are derived from, sealed under a key derived from MASTER_KEY.';
COMMENT ON TABLE audit_archives IS 'Months whose events are in files, and no longer in audit_events.';
