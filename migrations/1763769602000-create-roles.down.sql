DROP VIEW member_grants;
DROP TABLE membership_roles;
DROP TABLE roles;
