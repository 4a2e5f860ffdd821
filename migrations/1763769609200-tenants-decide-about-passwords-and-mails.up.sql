ALTER TABLE tenants
  ADD COLUMN password_history smallint NOT NULL DEFAULT 0,
  ADD COLUMN mail_name text,
  ADD COLUMN mail_sender text,
  ADD CONSTRAINT tenants_password_history_in_range CHECK (password_history BETWEEN 0 AND 24),
  ADD CONSTRAINT tenants_mail_name_fits CHECK (char_length(mail_name) BETWEEN 1 AND 60),
  ADD CONSTRAINT tenants_mail_sender_fits CHECK (char_length(mail_sender) BETWEEN 3 AND 254);

COMMENT ON COLUMN tenants.password_history IS 'How many former passwords of a member may not come back. 0: none is remembered.';
COMMENT ON COLUMN tenants.mail_name IS 'As whom mails to members come. NULL: as the settings say.';
COMMENT ON COLUMN tenants.mail_sender IS 'From which address mails to members come; the mail server has to be allowed to send for it. NULL: as the settings say.';
