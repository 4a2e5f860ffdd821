ALTER TABLE sessions DROP COLUMN device_trusted;
DROP TABLE challenges;
