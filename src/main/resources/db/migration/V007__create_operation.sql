-- A poll's place, moved only with the page that it covers.
CREATE TABLE poll_cursor (
  account    text NOT NULL,
  document   text NOT NULL,
  cursor     text,
  since      timestamptz,
  fence      bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (account, document)
);

-- One holder at a time for what only one replica may do. Every write of the work names the fence.
CREATE TABLE lease (
  name       text PRIMARY KEY,
  holder     text,
  fence      bigint NOT NULL DEFAULT 0,
  held_until timestamptz
);

-- Bulk replay as a durable job: the selection is frozen, progress survives a kill.
CREATE TABLE replay_job (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  selection   json NOT NULL,
  dry_run     boolean NOT NULL DEFAULT false,
  rate        integer NOT NULL,               -- items a second
  state       text NOT NULL CHECK (state IN ('RUNNING','PAUSED','DONE','ABORTED')),
  reason      text,
  actor       text NOT NULL,
  total       integer NOT NULL,
  replayed    integer NOT NULL DEFAULT 0,
  skipped     integer NOT NULL DEFAULT 0,
  failed      integer NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE TABLE replay_item (
  job_id  bigint NOT NULL REFERENCES replay_job,
  item    text NOT NULL,                      -- msg_1, dlv_2, ord_...
  ordinal integer NOT NULL,
  state   text NOT NULL DEFAULT 'PLANNED' CHECK (state IN ('PLANNED','REPLAYED','SKIPPED','FAILED')),
  detail  text,
  PRIMARY KEY (job_id, ordinal)
);
CREATE INDEX replay_item_planned ON replay_item (job_id, ordinal) WHERE state = 'PLANNED';

-- What people and programs did to the hub. Append only; each row's hash covers the one before it.
CREATE TABLE audit_entry (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  actor       text NOT NULL,
  action      text NOT NULL,
  object      text NOT NULL,
  reason      text,
  before      json,
  after       json,
  occurred_at timestamptz NOT NULL,
  hash        bytea                           -- written behind by one writer
);

-- Answers to POST with an Idempotency-Key.
CREATE TABLE api_request (
  idempotency_key text PRIMARY KEY,
  sha256          bytea NOT NULL,
  answer          json NOT NULL,
  created_at      timestamptz NOT NULL
);
