UPDATE tenants SET status = 'suspended', purge_after = NULL WHERE status = 'deleted';

ALTER TABLE tenants
  DROP CONSTRAINT tenants_deleted_with_grace,
  DROP CONSTRAINT tenants_status_known,
  ADD CONSTRAINT tenants_status_known CHECK (status IN ('active', 'suspended')),
  DROP COLUMN purge_after;
