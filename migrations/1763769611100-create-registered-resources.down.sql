DROP INDEX membership_roles_of_role;
DROP INDEX roles_of_tenant;
DROP TABLE registered_resources;
