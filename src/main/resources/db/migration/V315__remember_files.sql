-- Files in partners' folders: what lies or lay where we fetch, and what we put into theirs.
CREATE TABLE fetched_file (
  account     text NOT NULL,
  folder      text NOT NULL,
  name        text NOT NULL,                  -- as its sender wrote it; text, never a path
  size        bigint NOT NULL,
  modified_at timestamptz NOT NULL,           -- by the other side's clock
  since       timestamptz NOT NULL,           -- since when it has stood still, by ours
  state       text NOT NULL CHECK (state IN ('LYING', 'TAKEN', 'LEFT')),
  problem     text,                           -- why it is left where it lies
  sha256      bytea,                          -- of what was taken
  taken_at    timestamptz,
  PRIMARY KEY (account, folder, name)
);
-- How far a file is that we put there. Between RENAMING and STANDS the other side may have it or not: then its name,
-- size and content there tell.
CREATE TABLE sent_file (
  account      text NOT NULL,
  delivery_key text NOT NULL,
  folder       text NOT NULL,
  name         text NOT NULL,
  size         bigint NOT NULL,
  sha256       bytea NOT NULL,
  state        text NOT NULL CHECK (state IN ('WRITING', 'RENAMING', 'STANDS')),
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (account, delivery_key)
);
