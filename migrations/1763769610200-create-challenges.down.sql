ALTER TABLE sessions DROP COLUMN factor_shown_at, DROP COLUMN device_trusted_in;
DROP TABLE challenges;
