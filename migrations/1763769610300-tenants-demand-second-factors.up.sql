ALTER TABLE tenants
  ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false,
  ADD COLUMN second_factor_required_of text[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN tenants.second_factor_required IS 'Whether every member needs a second factor. Who has none may do nothing here but get one.';
COMMENT ON COLUMN tenants.second_factor_required_of IS 'The same of those who hold one of these roles, by name.';
