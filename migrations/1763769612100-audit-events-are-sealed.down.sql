DROP TABLE audit_daily;
DROP TABLE audit_archives;
DROP TABLE audit_seals;
DROP TABLE audit_keys;
DROP TABLE audit_person_keys;
