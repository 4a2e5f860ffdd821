DROP INDEX tenants_joined_through;
ALTER TABLE tenants DROP COLUMN auto_join_role;
ALTER TABLE tenants DROP COLUMN auto_join_providers;
DROP TABLE oauth_transactions;
DROP TABLE linked_identities;
