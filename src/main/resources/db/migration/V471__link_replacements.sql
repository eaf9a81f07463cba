-- A line that is sent in place of another: for what came back, was lost or broke.
CREATE TABLE line_replacement (
  order_id         uuid NOT NULL,
  line_id          text NOT NULL,         -- what is sent
  replaces_line_id text,                  -- in place of which line; null in an exchange for something else
  return_id        uuid,                  -- the return it is sent for
  quantity         integer NOT NULL,
  reason           text,
  actor            text,
  created_at       timestamptz NOT NULL,
  PRIMARY KEY (order_id, line_id)
);
CREATE INDEX line_replacement_return ON line_replacement (return_id) WHERE return_id IS NOT NULL;
