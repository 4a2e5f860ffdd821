DROP TABLE tenant_active_users;
DROP TABLE tenant_usage;
DROP TABLE tenant_limits;
