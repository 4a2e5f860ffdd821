CREATE TABLE tenant_limits (
  tenant_id uuid CONSTRAINT tenant_limits_pkey PRIMARY KEY CONSTRAINT tenant_limits_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  max_users integer,
  max_api_keys integer,
  max_roles integer,
  max_requests_per_day bigint,
  max_mails_per_day integer,
  max_sms_per_day integer,
  updated_at timestamptz NOT NULL,
  CONSTRAINT tenant_limits_not_negative CHECK (
    LEAST(max_users, max_api_keys, max_roles, max_requests_per_day, max_mails_per_day, max_sms_per_day) >= 0
  )
);

CREATE TABLE tenant_usage (
  tenant_id uuid NOT NULL CONSTRAINT tenant_usage_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  day date NOT NULL,
  metric text NOT NULL,
  amount bigint NOT NULL,
  CONSTRAINT tenant_usage_pkey PRIMARY KEY (tenant_id, day, metric),
  CONSTRAINT tenant_usage_metric_known CHECK (metric IN ('requests', 'sign_ins', 'mails', 'sms')),
  CONSTRAINT tenant_usage_counted CHECK (amount >= 0)
);

CREATE TABLE tenant_active_users (
  tenant_id uuid NOT NULL CONSTRAINT tenant_active_users_tenant REFERENCES tenants (id) ON DELETE CASCADE,
  day date NOT NULL,
  user_id uuid NOT NULL CONSTRAINT tenant_active_users_user REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT tenant_active_users_pkey PRIMARY KEY (tenant_id, day, user_id)
);

CREATE INDEX tenant_usage_by_day ON tenant_usage (day);
CREATE INDEX tenant_active_users_by_day ON tenant_active_users (day);
CREATE INDEX tenant_active_users_of_user ON tenant_active_users (user_id);

COMMENT ON TABLE tenant_limits IS 'What operators allow a tenant. NULL, and no row: as much as it likes.';
COMMENT ON COLUMN tenant_usage.day IS 'In UTC.';
COMMENT ON COLUMN tenant_usage.amount IS 'Written in batches, some seconds late.';
COMMENT ON TABLE tenant_active_users IS 'Who did anything in a tenant on a day (UTC).';
