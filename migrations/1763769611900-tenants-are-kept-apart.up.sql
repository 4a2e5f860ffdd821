-- The service works as a role that owns nothing, may not change the schema, and sees of the tables tenants own
-- no more rows than the transaction says it is about: "doorward.tenant_id" is one tenant, or '*' for all; unset, no rows.
-- Roles belong to the whole server, so the role may be there already.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'doorward_service') THEN
    CREATE ROLE doorward_service NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role doorward_service is not there and may not be made'
      USING ERRCODE = 'insufficient_privilege',
            HINT = format('An administrator of the server runs: CREATE ROLE doorward_service NOLOGIN; GRANT doorward_service TO %I;', current_user);
END
$$;

DO $$
BEGIN
  IF NOT pg_has_role(current_user, 'doorward_service', 'USAGE') THEN
    EXECUTE format('GRANT doorward_service TO %I', current_user);
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role doorward_service may not be used'
      USING ERRCODE = 'insufficient_privilege',
            HINT = format('An administrator of the server runs: GRANT doorward_service TO %I;', current_user);
END
$$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'doorward_service' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the role doorward_service may see everything, and is to see little'
      USING HINT = 'ALTER ROLE doorward_service NOSUPERUSER NOBYPASSRLS;';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO doorward_service', current_schema());
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO doorward_service', current_schema());
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO doorward_service', current_schema());
END
$$;

REVOKE INSERT, UPDATE, DELETE ON migrations FROM doorward_service;
REVOKE UPDATE, DELETE ON audit_events FROM doorward_service;

CREATE FUNCTION tenant_in_scope() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('doorward.tenant_id', true) <> '*' THEN nullif(current_setting('doorward.tenant_id', true), '')::uuid END
$$;

CREATE FUNCTION all_tenants_in_scope() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('doorward.tenant_id', true), '') = '*'
$$;

CREATE FUNCTION user_in_scope() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('doorward.user_id', true), '')::uuid
$$;

COMMENT ON FUNCTION tenant_in_scope() IS 'The one tenant the transaction is about: SET LOCAL doorward.tenant_id.';
COMMENT ON FUNCTION all_tenants_in_scope() IS 'Whether the transaction is about no tenant in particular: a sign-in, a chore, an operator.';
COMMENT ON FUNCTION user_in_scope() IS 'Whose own sessions, devices and events are seen in whichever tenant: SET LOCAL doorward.user_id.';

-- The view reads with the rights of whoever asks, not of its owner.
ALTER VIEW member_grants SET (security_invoker = true);

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_in_scope ON tenants TO doorward_service
  USING (id = (SELECT tenant_in_scope()) OR (SELECT all_tenants_in_scope()));

-- What belongs to a tenant and to nobody else.
DO $$
DECLARE
  owned text;
BEGIN
  FOREACH owned IN ARRAY ARRAY[
    'memberships', 'membership_roles', 'roles', 'invitations', 'api_keys', 'challenges',
    'registered_resources', 'tenant_limits', 'tenant_usage', 'tenant_active_users'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', owned);
    EXECUTE format(
      'CREATE POLICY %I ON %I TO doorward_service
         USING (tenant_id = (SELECT tenant_in_scope()) OR (SELECT all_tenants_in_scope()))',
      owned || '_in_scope', owned);
  END LOOP;
END
$$;

-- Built-in roles are everybody's to read.
CREATE POLICY roles_built_in ON roles FOR SELECT TO doorward_service USING (tenant_id IS NULL);

-- Sessions and trusted devices are of a user, wherever they are used.
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_in_scope ON sessions TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR user_id = (SELECT user_in_scope()) OR (SELECT all_tenants_in_scope()));

ALTER TABLE trusted_devices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY trusted_devices_in_scope ON trusted_devices TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR user_id = (SELECT user_in_scope()) OR (SELECT all_tenants_in_scope()));

-- Whatever happens is recorded; it is read by the tenant it happened in, and by whom it concerns.
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_events_are_added ON audit_events FOR INSERT TO doorward_service WITH CHECK (true);
CREATE POLICY audit_events_in_scope ON audit_events FOR SELECT TO doorward_service
  USING (tenant_id = (SELECT tenant_in_scope()) OR user_id = (SELECT user_in_scope()) OR (SELECT all_tenants_in_scope()));

-- Whoever migrates sees everything; and so do processes of the version before, which work as the owner and know no scope.
DO $$
DECLARE
  owned text;
BEGIN
  FOR owned IN SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace LOOP
    EXECUTE format('CREATE POLICY %I ON %I TO CURRENT_USER USING (true)', owned || '_of_owner', owned);
  END LOOP;
END
$$;
