DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP POLICY %I ON %I', policy.policyname, policy.tablename);
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', policy.tablename);
  END LOOP;
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM doorward_service', current_schema());
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM doorward_service', current_schema());
  EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM doorward_service', current_schema());
END
$$;

ALTER VIEW member_grants RESET (security_invoker);
DROP FUNCTION user_in_scope();
DROP FUNCTION all_tenants_in_scope();
DROP FUNCTION tenant_in_scope();
