-- What partners began to say that our mappings do not list, in fields that decide nothing: kept as text, and noticed.
CREATE TABLE drift (
  account       text NOT NULL,
  mapping       text NOT NULL,
  field         text NOT NULL,                -- as the mapping names it
  value         text NOT NULL,                -- cut at 200 characters
  count         bigint NOT NULL,
  message_id    bigint,                       -- the last one that said so
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  PRIMARY KEY (account, mapping, field, value)
);
