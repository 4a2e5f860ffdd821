-- Addresses and agents in boxes are lost with the columns they are in, and archives are forgotten with their table.
LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;

CREATE TABLE audit_events_in_one (
  sequence bigint GENERATED ALWAYS AS IDENTITY,
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
  CONSTRAINT audit_events_action_well_formed CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  CONSTRAINT audit_events_outcome_known CHECK (outcome IN ('success', 'failure')),
  CONSTRAINT audit_events_risk_in_range CHECK (risk_score BETWEEN 0 AND 100),
  CONSTRAINT audit_events_target_whole CHECK ((target_type IS NULL) = (target_id IS NULL))
);

INSERT INTO audit_events_in_one OVERRIDING SYSTEM VALUE
  SELECT sequence, id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type,
         target_id, ip_address, user_agent, request_id, risk_score, details
  FROM audit_events;
SELECT setval('audit_events_in_one_sequence_seq', pg_sequence_last_value('audit_events_sequence_seq'))
  WHERE pg_sequence_last_value('audit_events_sequence_seq') IS NOT NULL;

DROP FUNCTION audit_months_ahead(integer);
DROP FUNCTION add_audit_month(date);
DROP FUNCTION guard_audit_month(text);
DROP TABLE audit_events;
ALTER TABLE audit_events_in_one RENAME TO audit_events;
ALTER SEQUENCE audit_events_in_one_sequence_seq RENAME TO audit_events_sequence_seq;
ALTER TABLE audit_events
  ADD CONSTRAINT audit_events_pkey PRIMARY KEY (sequence),
  ADD CONSTRAINT audit_events_id_unique UNIQUE (id);
CREATE INDEX audit_events_of_user ON audit_events (user_id, sequence DESC);
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only();
CREATE TRIGGER audit_events_never_emptied BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_events_are_append_only();

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_events_are_added ON audit_events FOR INSERT TO doorward_service WITH CHECK (true);
CREATE POLICY audit_events_in_scope ON audit_events FOR SELECT TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR user_id = (SELECT user_in_scope()) OR (SELECT all_tenants_in_scope()));
CREATE POLICY audit_events_of_owner ON audit_events TO CURRENT_USER USING (true);
REVOKE UPDATE, DELETE ON audit_events FROM doorward_service;
