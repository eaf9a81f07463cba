-- Messages over AS2: which of ours a partner may have, what its receipts must say of them, and which of its own came.
CREATE TABLE as2_sent (
  account      text NOT NULL,
  delivery_key text NOT NULL,
  message_id   text NOT NULL,                 -- the same however often it is sent
  mic          text NOT NULL,                 -- the digest that a receipt must give back
  digest       text NOT NULL,
  state        text NOT NULL CHECK (state IN ('SENT', 'CONFIRMED', 'REFUSED')),
  owed         boolean NOT NULL,              -- the partner owes a document of its own, too
  said         text,
  sent_at      timestamptz NOT NULL,
  answered_at  timestamptz,
  PRIMARY KEY (account, delivery_key)
);
CREATE UNIQUE INDEX as2_sent_message ON as2_sent (account, message_id);
CREATE TABLE as2_received (
  account     text NOT NULL,
  message_id  text NOT NULL,                  -- as its sender wrote it
  sha256      bytea NOT NULL,                 -- of the file in it
  received_at timestamptz NOT NULL,
  PRIMARY KEY (account, message_id, sha256)
);
-- The last message of a partner that was not taken, and why.
CREATE TABLE as2_refusal (
  account    text PRIMARY KEY,
  message_id text,
  sentence   text NOT NULL,
  refused_at timestamptz NOT NULL
);
