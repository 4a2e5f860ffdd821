CREATE OR REPLACE VIEW member_grants AS
SELECT m.tenant_id,
       m.user_id,
       ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles,
       ARRAY(SELECT DISTINCT p FROM membership_roles mr JOIN roles r ON r.id = mr.role_id, unnest(r.permissions) p
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY p) AS permissions
FROM memberships m;

COMMENT ON VIEW member_grants IS 'What each member may do in each tenant: the one reading of memberships that other modules share.';

ALTER TABLE memberships DROP COLUMN status;
