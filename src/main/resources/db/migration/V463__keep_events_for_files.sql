-- Events that wait for their file, and the number of each account's last file.
CREATE TABLE feed_event (
  account    text NOT NULL,
  id         bigint NOT NULL,
  content    json NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account, id)
);

CREATE TABLE feed_file (
  account text PRIMARY KEY,
  number  bigint NOT NULL
);
