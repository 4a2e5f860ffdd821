DROP TABLE audit_daily;
DROP TABLE audit_archives;
DROP TABLE audit_seals;
DROP TABLE audit_keys;
DROP TABLE audit_secrets;
DROP TRIGGER users_have_an_audit_key ON users;
DROP FUNCTION make_audit_person_key();
DROP TABLE audit_person_keys;
DROP FUNCTION audit_person_keys_only_go();
