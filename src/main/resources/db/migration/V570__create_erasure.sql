-- Whose personal data is due when, what was erased, and what the law keeps. Rows stay: who was erased once is known for ever.
ALTER TABLE sales_order ADD COLUMN erased_at timestamptz;   -- what was known of its people then is gone

CREATE TABLE erasure (
  order_id    uuid PRIMARY KEY,
  due_at      timestamptz,                    -- when it is looked at again; null = erased, or kept
  erased_at   timestamptz,
  erased_by   text,                           -- null = its time was over
  reason      text,
  kept_since  timestamptz,                    -- a legal hold: nothing of it is erased
  kept_by     text,
  kept_reason text
) WITH (fillfactor = 80);
CREATE INDEX erasure_due ON erasure (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX erasure_kept ON erasure (order_id) WHERE kept_since IS NOT NULL;

-- Orders up to here are in erasure.
CREATE TABLE erasure_reach (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  order_id uuid NOT NULL
);

-- Messages that no order takes along when it is erased: dead letters, and pages of accounts with a short term.
CREATE TABLE erasure_message (
  message_id bigint PRIMARY KEY,
  due_at     timestamptz NOT NULL
);
CREATE INDEX erasure_message_due ON erasure_message (due_at);
