ALTER TABLE tenants
  ADD COLUMN second_factor_above_risk smallint,
  ADD CONSTRAINT tenants_second_factor_above_risk_in_range CHECK (second_factor_above_risk BETWEEN 1 AND 100);

COMMENT ON COLUMN tenants.second_factor_above_risk IS 'Sign-ins of this risk score or more ask for a second factor. NULL: none does for its score.';
