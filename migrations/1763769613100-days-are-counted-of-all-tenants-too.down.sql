DROP TRIGGER audit_daily_changed_of_all ON audit_daily;
DROP TRIGGER audit_daily_added_of_all ON audit_daily;
DROP FUNCTION count_days_of_all();
DROP TABLE audit_daily_of_all;
