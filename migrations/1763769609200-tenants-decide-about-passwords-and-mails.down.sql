ALTER TABLE tenants
  DROP COLUMN password_history,
  DROP COLUMN mail_name,
  DROP COLUMN mail_sender;
