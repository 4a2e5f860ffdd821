ALTER TABLE tenants DROP COLUMN refresh_from_new_device;
