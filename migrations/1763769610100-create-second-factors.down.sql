DROP TABLE trusted_devices;
DROP TABLE factor_codes;
DROP TABLE backup_codes;
DROP TABLE factor_guesses;
DROP TABLE factors;
