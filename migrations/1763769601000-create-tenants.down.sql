DROP TABLE memberships;
DROP TABLE tenants;
