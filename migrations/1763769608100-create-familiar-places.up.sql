CREATE TABLE familiar_places (
  user_id uuid NOT NULL CONSTRAINT familiar_places_user REFERENCES users (id) ON DELETE CASCADE,
  kind text NOT NULL,
  value text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  CONSTRAINT familiar_places_pkey PRIMARY KEY (user_id, kind, value),
  CONSTRAINT familiar_places_kind_known CHECK (kind IN ('device', 'network')),
  CONSTRAINT familiar_places_value_short CHECK (length(value) BETWEEN 1 AND 100),
  CONSTRAINT familiar_places_seen_in_order CHECK (last_seen_at >= first_seen_at)
);

CREATE INDEX familiar_places_by_age ON familiar_places (last_seen_at);

COMMENT ON TABLE familiar_places IS 'Where from users have signed in: devices and networks, each by itself. Bounded for each user, and forgotten some time after last_seen_at.';
COMMENT ON COLUMN familiar_places.value IS 'The fingerprint of a device as in sessions.device_fingerprint, or a network in CIDR notation.';
COMMENT ON COLUMN familiar_places.last_seen_at IS 'Only ever moves forward.';
