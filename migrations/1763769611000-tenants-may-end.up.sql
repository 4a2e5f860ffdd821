ALTER TABLE tenants
  ADD COLUMN purge_after timestamptz,
  DROP CONSTRAINT tenants_status_known,
  ADD CONSTRAINT tenants_status_known CHECK (status IN ('active', 'suspended', 'deleted')),
  ADD CONSTRAINT tenants_deleted_with_grace CHECK ((status = 'deleted') = (purge_after IS NOT NULL));

CREATE INDEX tenants_to_purge ON tenants (purge_after) WHERE status = 'deleted';

COMMENT ON COLUMN tenants.purge_after IS 'Until then a deleted tenant can be had back; afterwards all of it is removed.';
