DROP TABLE held_usernames;
