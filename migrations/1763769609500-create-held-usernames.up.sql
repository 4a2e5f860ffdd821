CREATE TABLE held_usernames (
  username_key text CONSTRAINT held_usernames_pkey PRIMARY KEY,
  held_until timestamptz NOT NULL
);

CREATE INDEX held_usernames_by_end ON held_usernames (held_until);

COMMENT ON TABLE held_usernames IS 'Usernames of registrations that did not take place because the address was taken, where nobody is to learn that: as not to be had as if they had.';
