-- One key for each person whose addresses and agents are in the audit log. Gone with them.
CREATE TABLE audit_person_keys (
  user_id uuid CONSTRAINT audit_person_keys_pkey PRIMARY KEY,
  sealed_key bytea,
  created_at timestamptz NOT NULL,
  destroyed_at timestamptz,
  CONSTRAINT audit_person_keys_destroyed_whole CHECK ((sealed_key IS NULL) = (destroyed_at IS NOT NULL))
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
ALTER TABLE audit_seals
  ENABLE ALWAYS TRIGGER audit_seals_append_only, ENABLE ALWAYS TRIGGER audit_seals_never_emptied;
ALTER TABLE audit_archives
  ENABLE ALWAYS TRIGGER audit_archives_append_only, ENABLE ALWAYS TRIGGER audit_archives_never_emptied;
ALTER TABLE audit_keys
  ENABLE ALWAYS TRIGGER audit_keys_append_only, ENABLE ALWAYS TRIGGER audit_keys_never_emptied;

REVOKE UPDATE, DELETE ON audit_seals, audit_archives, audit_keys FROM doorward_service;
REVOKE DELETE ON audit_person_keys, audit_daily FROM doorward_service;

COMMENT ON TABLE audit_seals IS 'Batches of committed events, in order, each bound to the one before and signed.';
COMMENT ON COLUMN audit_seals.month IS 'First day of the month (UTC) of all its events: a seal never spans two.';
COMMENT ON COLUMN audit_seals.leaves IS 'The hash of each event, 32 bytes, in the order of sequences: by these an altered event is named.';
COMMENT ON COLUMN audit_seals.foreign_sequences IS 'Events the service did not write as they are, by their mac.';
COMMENT ON COLUMN audit_seals.unsigned IS 'Events of versions before, which signed none.';
COMMENT ON COLUMN audit_person_keys.sealed_key IS '32 bytes, sealed under a key derived from MASTER_KEY; NULL once destroyed.';
COMMENT ON TABLE audit_archives IS 'Months whose events are in files, and no longer in audit_events.';
