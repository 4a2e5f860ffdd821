ALTER TABLE tenants
  ADD COLUMN refresh_from_new_device text NOT NULL DEFAULT 'allow',
  ADD CONSTRAINT tenants_refresh_from_new_device_known CHECK (refresh_from_new_device IN ('allow', 'refuse'));

COMMENT ON COLUMN tenants.refresh_from_new_device IS 'Whether a session''s refresh token is good on a device that looks different from the one it was last used on.';
