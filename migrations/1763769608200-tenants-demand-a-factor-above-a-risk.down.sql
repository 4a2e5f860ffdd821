ALTER TABLE tenants DROP COLUMN second_factor_above_risk;
