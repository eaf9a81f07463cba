-- What arrived, exactly as it arrived, once.
CREATE TABLE inbox_message (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- order of arrival
  account         text NOT NULL,
  document        text NOT NULL,
  lane            text NOT NULL,                                     -- account/key: one at a time, in order of arrival
  message_key     text NOT NULL,
  dedupe_key      text NOT NULL,
  version         text,                                              -- the channel's own, as sent
  event_type      text,
  state           text NOT NULL CHECK (state IN ('RECEIVED','RUNNING','WAITING','PARKED','APPLIED','SPLIT','IGNORED','SUPERSEDED','DISCARDED')),
  received_at     timestamptz NOT NULL,
  due_at          timestamptz NOT NULL,                              -- a RECEIVED message is not tried before
  finished_at     timestamptz,
  lease_owner     text,
  lease_until     timestamptz,
  fence           bigint NOT NULL DEFAULT 0,                         -- every write of a claim names it
  attempt_count   integer NOT NULL DEFAULT 0,
  duplicate_count integer NOT NULL DEFAULT 0,
  order_id        uuid,
  parent_id       bigint,                                            -- the page it was split from
  superseded_by   bigint,
  waits_for       text,                                              -- WAITING: lane of the document it waits for
  failure_id      bigint,
  reason          text                                               -- IGNORED, DISCARDED: why
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX inbox_message_dedupe ON inbox_message (account, document, dedupe_key);
-- The lane's law, decided by the database: one RUNNING message a lane, over all replicas.
CREATE UNIQUE INDEX inbox_message_running ON inbox_message (lane) WHERE state = 'RUNNING';
CREATE INDEX inbox_message_lane_open ON inbox_message (lane, id) WHERE state IN ('RECEIVED', 'RUNNING', 'PARKED');
CREATE INDEX inbox_message_due ON inbox_message (due_at) WHERE state = 'RECEIVED';
CREATE INDEX inbox_message_waiting ON inbox_message (waits_for) WHERE state = 'WAITING';
CREATE INDEX inbox_message_parked ON inbox_message (id) WHERE state = 'PARKED';
CREATE INDEX inbox_message_order ON inbox_message (order_id, id) WHERE order_id IS NOT NULL;

-- Raw bytes apart from the row that changes; partitioned by time so that retention drops whole tables.
CREATE TABLE message_payload (
  message_id   bigint NOT NULL,
  received_at  timestamptz NOT NULL,
  content_type text,
  sha256       bytea NOT NULL,
  body         bytea NOT NULL,
  PRIMARY KEY (message_id, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE message_payload_rest PARTITION OF message_payload DEFAULT;
