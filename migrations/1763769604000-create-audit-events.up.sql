CREATE TABLE audit_events (
  sequence bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_events_pkey PRIMARY KEY,
  id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  tenant_id uuid,
  user_id uuid,
  actor text NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  target_type text,
  target_id text,
  ip_address text,
  user_agent text,
  request_id text,
  risk_score smallint NOT NULL,
  details jsonb NOT NULL,
  CONSTRAINT audit_events_id_unique UNIQUE (id),
  CONSTRAINT audit_events_action_well_formed CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  CONSTRAINT audit_events_outcome_known CHECK (outcome IN ('success', 'failure')),
  CONSTRAINT audit_events_risk_in_range CHECK (risk_score BETWEEN 0 AND 100),
  CONSTRAINT audit_events_target_whole CHECK ((target_type IS NULL) = (target_id IS NULL))
);

CREATE INDEX audit_events_of_user ON audit_events (user_id, sequence DESC);

CREATE FUNCTION audit_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are only ever added' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_events_never_emptied BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();
