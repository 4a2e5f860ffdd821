ALTER TABLE sessions DROP COLUMN device_trusted_in;
DROP TABLE challenges;
