-- Bearer tokens of programs, made by people. Of the secret only its SHA-256 is kept.
CREATE TABLE api_token (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL,              -- as the audit names it: token:<name>
  hash         bytea NOT NULL,
  role         text NOT NULL,
  verbs        text[] NOT NULL,            -- what it may do of what its role may; empty for all of that
  channels     text[] NOT NULL,            -- the only channels it may name; empty for all
  made_by      text NOT NULL,
  made_at      timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,                -- to the minute
  revoked_at   timestamptz,
  revoked_by   text
);
CREATE UNIQUE INDEX api_token_name ON api_token (name) WHERE revoked_at IS NULL;
