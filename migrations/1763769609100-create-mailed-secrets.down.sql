DROP TABLE mailed_secrets;
