-- Whoever of the version before is about to add an event waits here, and finds the new table.
LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
ALTER TABLE audit_events RENAME TO audit_events_before;
ALTER TABLE audit_events_before RENAME CONSTRAINT audit_events_pkey TO audit_events_before_pkey;
ALTER TABLE audit_events_before RENAME CONSTRAINT audit_events_id_unique TO audit_events_before_id_unique;
ALTER INDEX audit_events_of_user RENAME TO audit_events_before_of_user;
ALTER SEQUENCE audit_events_sequence_seq RENAME TO audit_events_before_sequence_seq;

CREATE TABLE audit_events (
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  tenant_id uuid,
  user_id uuid,
  actor text NOT NULL,
  actor_id uuid,
  api_key_id text,
  action text NOT NULL,
  outcome text NOT NULL,
  target_type text,
  target_id text,
  ip_address text,
  user_agent text,
  request_id text,
  risk_score smallint NOT NULL,
  details jsonb NOT NULL,
  personal_digest bytea,
  personal_box bytea,
  ip_tag integer,
  mac bytea,
  CONSTRAINT audit_events_action_well_formed CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  CONSTRAINT audit_events_instant_finite CHECK (isfinite(occurred_at)),
  CONSTRAINT audit_events_outcome_known CHECK (outcome IN ('success', 'failure')),
  CONSTRAINT audit_events_risk_in_range CHECK (risk_score BETWEEN 0 AND 100),
  CONSTRAINT audit_events_target_whole CHECK ((target_type IS NULL) = (target_id IS NULL)),
  CONSTRAINT audit_events_personal_whole CHECK ((personal_digest IS NULL) = (personal_box IS NULL))
) PARTITION BY RANGE (occurred_at);

-- An insert never fails for want of a month: what no month takes goes here.
CREATE TABLE audit_events_other PARTITION OF audit_events DEFAULT;

-- Makes the table of one month, unless there is one, and takes over what went into the default one meanwhile.
CREATE FUNCTION add_audit_month(month date) RETURNS boolean LANGUAGE plpgsql
  SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
  name text := 'audit_events_' || to_char(month, 'YYYY_MM');
  begins timestamptz := month::timestamp AT TIME ZONE 'UTC';
  ends timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  IF to_regclass(format('%I.%I', current_schema(), name)) IS NOT NULL THEN RETURN false; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('doorward/audit-months', 0));
  -- Else an event of this month could come in between the look and the attachment, which would fail then. Nor is a table
  -- somebody else has just made seen before a lock of a table is taken.
  LOCK TABLE audit_events_other IN ACCESS EXCLUSIVE MODE;
  IF to_regclass(format('%I.%I', current_schema(), name)) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', name);
  IF EXISTS (SELECT FROM audit_events_other WHERE occurred_at >= begins AND occurred_at < ends) THEN
    ALTER TABLE audit_events_other DISABLE TRIGGER audit_events_append_only;
    EXECUTE format('WITH moved AS (DELETE FROM audit_events_other WHERE occurred_at >= $1 AND occurred_at < $2 RETURNING *)
                    INSERT INTO %I SELECT * FROM moved', name) USING begins, ends;
    ALTER TABLE audit_events_other ENABLE TRIGGER audit_events_append_only;
  END IF;
  EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, begins, ends);
  PERFORM guard_audit_month(name);
  RETURN true;
END
$$;

-- Nobody reads or writes a month but through the whole table and its policies, and nobody empties one.
CREATE FUNCTION guard_audit_month(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER audit_events_never_emptied BEFORE TRUNCATE ON %I
                  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only()', name);
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true)', name || '_of_owner', name);
  EXECUTE format('REVOKE ALL ON %I FROM doorward_service', name);
END
$$;

-- Months of what there is already (what a wrong clock dated long before stays with the rest), this one, and three to come.
DO $$
DECLARE
  this_month date := date_trunc('month', now() AT TIME ZONE 'UTC');
  month date := greatest(this_month - interval '10 years',
    least(this_month, (SELECT date_trunc('month', min(occurred_at) AT TIME ZONE 'UTC') FROM audit_events_before)));
BEGIN
  WHILE month <= this_month + interval '3 months' LOOP
    PERFORM add_audit_month(month);
    month := month + interval '1 month';
  END LOOP;
END
$$;
SELECT guard_audit_month('audit_events_other');

INSERT INTO audit_events (sequence, id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type, target_id,
                          ip_address, user_agent, request_id, risk_score, details)
  OVERRIDING SYSTEM VALUE
  SELECT sequence, id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type, target_id,
         ip_address, user_agent, request_id, risk_score, details
  FROM audit_events_before;

SELECT setval('audit_events_sequence_seq', pg_sequence_last_value('audit_events_before_sequence_seq'))
  WHERE pg_sequence_last_value('audit_events_before_sequence_seq') IS NOT NULL;

DROP TABLE audit_events_before;

ALTER TABLE audit_events
  ADD CONSTRAINT audit_events_pkey PRIMARY KEY (sequence, occurred_at),
  ADD CONSTRAINT audit_events_id_unique UNIQUE (id, occurred_at);

-- Pages go by time, and by sequence where that is the same: every index a page may come from ends so.
CREATE INDEX audit_events_in_time ON audit_events (occurred_at DESC, sequence DESC);
CREATE INDEX audit_events_of_tenant ON audit_events (tenant_id, occurred_at DESC, sequence DESC);
CREATE INDEX audit_events_of_user ON audit_events (user_id, occurred_at DESC, sequence DESC);
CREATE INDEX audit_events_of_action ON audit_events (tenant_id, action, occurred_at DESC, sequence DESC);
CREATE INDEX audit_events_of_action_anywhere ON audit_events (action, occurred_at DESC, sequence DESC);
CREATE INDEX audit_events_from_address ON audit_events (ip_tag, occurred_at DESC, sequence DESC)
  WHERE ip_tag IS NOT NULL;
CREATE INDEX audit_events_from_open_address ON audit_events (ip_address, occurred_at DESC, sequence DESC)
  WHERE ip_address IS NOT NULL;
CREATE INDEX audit_events_of_request ON audit_events (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX audit_events_refused ON audit_events (tenant_id, occurred_at DESC, sequence DESC) WHERE outcome = 'failure';
CREATE INDEX audit_events_of_risk ON audit_events (tenant_id, occurred_at DESC, sequence DESC, risk_score)
  WHERE risk_score > 0;
CREATE INDEX audit_events_of_risk_anywhere ON audit_events (occurred_at DESC, sequence DESC, risk_score)
  WHERE risk_score > 0;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_events_never_emptied BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_events_are_added ON audit_events FOR INSERT TO doorward_service WITH CHECK (true);
CREATE POLICY audit_events_in_scope ON audit_events FOR SELECT TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR user_id = (SELECT user_in_scope()) OR (SELECT all_tenants_in_scope()));
CREATE POLICY audit_events_of_owner ON audit_events TO CURRENT_USER USING (true);
REVOKE ALL ON audit_events FROM doorward_service;
GRANT SELECT, INSERT ON audit_events TO doorward_service;
-- What is above it was given its number by hand, and is not sealed.
GRANT SELECT ON SEQUENCE audit_events_sequence_seq TO doorward_service;

-- The service may have months made, which is the owner's to do; it may not make anything else.
DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION audit_months_ahead(months integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = %I, pg_temp SET lock_timeout = '2s' AS $body$
      SELECT count(*) FILTER (WHERE add_audit_month(
               (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date))::integer
      FROM generate_series(0, least(coalesce(months, 0), 24)) AS ahead
    $body$
  $function$, current_schema());
END
$$;
REVOKE ALL ON FUNCTION audit_months_ahead(integer), add_audit_month(date), guard_audit_month(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_months_ahead(integer) TO doorward_service;

COMMENT ON TABLE audit_events IS 'What happened, by month. Added to and read; never changed, and removed by whole months only, once archived.';
COMMENT ON COLUMN audit_events.actor_id IS 'The user who acted, where one is known; of an API key, its owner.';
COMMENT ON COLUMN audit_events.ip_address IS 'In the clear where it is nobody''s known; else within personal_box.';
COMMENT ON COLUMN audit_events.personal_box IS 'Address and agent, under the key of the person whose they are: unreadable for good once that key is gone.';
COMMENT ON COLUMN audit_events.personal_digest IS 'Commits to what is in personal_box; sealed with the event.';
COMMENT ON COLUMN audit_events.ip_tag IS 'Twenty bits of a keyed hash of the address: finds candidates, and identifies nobody.';
COMMENT ON COLUMN audit_events.mac IS 'HMAC-SHA-256 over the event but its sequence: that the service wrote it. NULL: by a version before.';
COMMENT ON FUNCTION audit_months_ahead(integer) IS 'Has the tables of this month and of so many to come made. Returns how many were missing. Waits two seconds for a lock.';
