ALTER TABLE memberships
  ADD COLUMN status text NOT NULL DEFAULT 'active',
  ADD CONSTRAINT memberships_status_known CHECK (status IN ('active', 'locked', 'disabled'));

COMMENT ON COLUMN memberships.status IS 'What administrators of this tenant say of the member. Any but active grants nothing here, and changes nothing in the user''s other tenants.';

CREATE OR REPLACE VIEW member_grants AS
SELECT m.tenant_id,
       m.user_id,
       ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles,
       ARRAY(SELECT DISTINCT p FROM membership_roles mr JOIN roles r ON r.id = mr.role_id, unnest(r.permissions) p
             WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY p) AS permissions
FROM memberships m
WHERE m.status = 'active';

COMMENT ON VIEW member_grants IS 'What each member in force may do in each tenant: the one reading of memberships that other modules share.';
