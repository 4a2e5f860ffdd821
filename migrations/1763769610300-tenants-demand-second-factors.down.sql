ALTER TABLE tenants
  DROP COLUMN second_factor_required_of,
  DROP COLUMN second_factor_required;
