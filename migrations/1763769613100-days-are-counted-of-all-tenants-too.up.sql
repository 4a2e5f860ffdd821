-- Of a day there is a row for each tenant, action and outcome: too many to be added up whenever somebody asks about all tenants.
CREATE TABLE audit_daily_of_all (
  day date NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  count bigint NOT NULL,
  CONSTRAINT audit_daily_of_all_pkey PRIMARY KEY (day, action, outcome)
);

-- Whatever is counted for tenants is counted here, in the same transaction and whichever version seals. The service is given
-- no way to write here: so this is done as the owner.
DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION count_days_of_all() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = %I, pg_temp AS $body$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_daily_of_all AS counted (day, action, outcome, count)
          SELECT day, action, outcome, sum(count) FROM rows_after GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
          ON CONFLICT (day, action, outcome) DO UPDATE SET count = counted.count + excluded.count;
      ELSE
        INSERT INTO audit_daily_of_all AS counted (day, action, outcome, count)
          SELECT day, action, outcome, sum(count) FROM (
            SELECT day, action, outcome, count FROM rows_after
            UNION ALL SELECT day, action, outcome, -count FROM rows_before) AS changed
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
          ON CONFLICT (day, action, outcome) DO UPDATE SET count = counted.count + excluded.count;
      END IF;
      RETURN NULL;
    END
    $body$
  $function$, current_schema());
END
$$;
REVOKE ALL ON FUNCTION count_days_of_all() FROM PUBLIC;

-- This waits until nobody counts, and whoever is about to waits for the end of this: what is taken over here is all there is.
CREATE TRIGGER audit_daily_added_of_all AFTER INSERT ON audit_daily
  REFERENCING NEW TABLE AS rows_after FOR EACH STATEMENT EXECUTE FUNCTION count_days_of_all();
CREATE TRIGGER audit_daily_changed_of_all AFTER UPDATE ON audit_daily
  REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after FOR EACH STATEMENT EXECUTE FUNCTION count_days_of_all();
INSERT INTO audit_daily_of_all (day, action, outcome, count)
  SELECT day, action, outcome, sum(count) FROM audit_daily GROUP BY 1, 2, 3;

ALTER TABLE audit_daily_of_all ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_daily_of_all_in_scope ON audit_daily_of_all FOR SELECT TO doorward_service
  USING ((SELECT all_tenants_in_scope()));
CREATE POLICY audit_daily_of_all_of_owner ON audit_daily_of_all TO CURRENT_USER USING (true);
REVOKE INSERT, UPDATE, DELETE ON audit_daily_of_all FROM doorward_service;

COMMENT ON TABLE audit_daily_of_all IS 'What audit_daily adds up to over all tenants; kept by triggers on it.';
