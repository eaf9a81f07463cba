-- X12 interchanges that came and went, what was in them, and the numbers they bear.
CREATE SEQUENCE interchange_id;
CREATE TABLE interchange (
  id                bigint PRIMARY KEY DEFAULT nextval('interchange_id'),
  account           text NOT NULL,
  direction         text NOT NULL CHECK (direction IN ('IN', 'OUT')),
  usage             text NOT NULL,              -- ISA15: P, or T for a test
  sender            text NOT NULL,              -- qualifier/id
  receiver          text NOT NULL,
  control           text NOT NULL,              -- ISA13
  cycle             integer NOT NULL DEFAULT 1, -- how often the numbers began anew; OUT only
  version           text,
  state             text NOT NULL CHECK (state IN ('STORED', 'ACCEPTED', 'ACCEPTED_WITH_ERRORS', 'PARTLY_ACCEPTED', 'REFUSED', 'DUPLICATE', 'TEST')),
  sentence          text,                       -- why, where it was not simply accepted
  file_name         text,
  content_sha256    bytea NOT NULL,
  message_id        bigint,                     -- IN: the file it came in
  place             integer,                    -- IN: the how manyeth of that file
  delivery_id       bigint,                     -- OUT: what it carries
  delivery_revision integer,
  delivery_key      text,
  created_at        timestamptz NOT NULL
) WITH (fillfactor = 90);
-- All attempts at a delivery's revision send one interchange.
CREATE UNIQUE INDEX interchange_delivery ON interchange (delivery_id, delivery_revision) WHERE delivery_id IS NOT NULL;
-- A number of ours is given once.
CREATE UNIQUE INDEX interchange_number ON interchange (sender, receiver, usage, cycle, control) WHERE direction = 'OUT';
CREATE INDEX interchange_came ON interchange (account, sender, control) WHERE direction = 'IN';
CREATE INDEX interchange_message ON interchange (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX interchange_account ON interchange (account, id);

-- The bytes of what we send, kept as long as what they were made of; what comes is kept with its message.
CREATE TABLE interchange_content (
  interchange_id bigint PRIMARY KEY,
  delivery_id    bigint NOT NULL REFERENCES delivery_content ON DELETE CASCADE,
  body           bytea NOT NULL
);
CREATE INDEX interchange_content_delivery ON interchange_content (delivery_id);

CREATE TABLE interchange_set (
  interchange_id  bigint NOT NULL,
  place           integer NOT NULL,             -- from 1, over all groups
  account         text NOT NULL,
  direction       text NOT NULL,
  functional_id   text NOT NULL,                -- GS01
  group_control   text NOT NULL,                -- GS06
  set_id          text NOT NULL,                -- ST01
  control         text NOT NULL,                -- ST02
  subject         text,                         -- the order it is about, as both sides call it
  outcome         text NOT NULL,                -- IN: ACCEPTED, ACCEPTED_WITH_ERRORS, REFUSED; OUT: SENT until it is answered
  sentence        text,
  document        text,                         -- IN: what it became
  dedupe_key      text,                         -- IN: the message it became
  answered_by     bigint,                       -- the interchange that acknowledges it
  answered_at     timestamptz,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (interchange_id, place)
) WITH (fillfactor = 80);
CREATE INDEX interchange_set_subject ON interchange_set (account, subject, interchange_id) WHERE subject IS NOT NULL;
CREATE INDEX interchange_set_group ON interchange_set (account, direction, group_control, functional_id);
-- What is owed after a set, and not there yet.
CREATE INDEX interchange_set_clock ON interchange_set (account, set_id, created_at) WHERE subject IS NOT NULL;

-- The last number given at each level. Taken in the transaction that stores what bears it, so none is given twice.
CREATE TABLE control_number (
  level         text NOT NULL CHECK (level IN ('INTERCHANGE', 'GROUP')),
  sender        text NOT NULL,                  -- qualifier/id
  receiver      text NOT NULL,
  usage         text NOT NULL,
  functional_id text NOT NULL DEFAULT '',       -- of a group's number
  cycle         integer NOT NULL DEFAULT 1,
  last          integer NOT NULL,
  taken_at      timestamptz NOT NULL,
  PRIMARY KEY (level, sender, receiver, usage, functional_id)
) WITH (fillfactor = 50);
