-- Orders whose money is not what it should be: since when, by when that is a case, and the messages that made it so.
CREATE TABLE money_watch (
  order_id    uuid PRIMARY KEY,
  since       timestamptz NOT NULL,
  due_at      timestamptz,                -- null once it is a case
  breach      text NOT NULL,
  message_ids bigint[] NOT NULL
);
CREATE INDEX money_watch_due ON money_watch (due_at) WHERE due_at IS NOT NULL;
