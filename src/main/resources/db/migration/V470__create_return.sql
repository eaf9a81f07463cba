-- Goods that come back: what is to come, of which lines, and what came.
CREATE TABLE return_order (
  id           uuid PRIMARY KEY,
  order_id     uuid NOT NULL,
  name         text NOT NULL,             -- what stands on its label
  remote_id    text,                      -- what who told of it calls it
  source       text NOT NULL,             -- who told of it first: an account or a person
  kind         text NOT NULL,             -- RETURN, EXCHANGE, RETURNED_TO_SENDER
  state        text NOT NULL,             -- REQUESTED, APPROVED, DECLINED, IN_TRANSIT, RECEIVED, CLOSED, CANCELLED
  announced    boolean NOT NULL,          -- whether anybody said what is to come, before or after it came
  node         text,                      -- where it is expected
  reason       text,
  refund       boolean NOT NULL,          -- whether money is due for what comes back
  parcel_id    uuid,                      -- the parcel that the carrier brings back
  version      text,                      -- of the last state that was told
  exchange     json,                      -- what is sent for it, and when
  decision     json,                      -- by which rule it was approved
  approved_at  timestamptz,
  due_at       timestamptz,               -- when it is overdue, while it is awaited
  overdue_at   timestamptz,
  received_at  timestamptz,
  closed_at    timestamptz,
  created_at   timestamptz NOT NULL,
  updated_at   timestamptz NOT NULL,
  UNIQUE (order_id, name)
) WITH (fillfactor = 70);
CREATE INDEX return_order_name ON return_order (name);
CREATE INDEX return_order_remote ON return_order (remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX return_order_state ON return_order (state, id);
CREATE INDEX return_order_due ON return_order (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE return_line (
  return_id uuid NOT NULL,
  line_no   smallint NOT NULL,
  quantity  integer NOT NULL CHECK (quantity >= 0),   -- units that are to come
  received  integer NOT NULL CHECK (received >= 0),   -- units that came
  reason    text,
  PRIMARY KEY (return_id, line_no)
) WITH (fillfactor = 70);

-- Each receipt once, whoever tells of it.
CREATE TABLE return_receipt (
  order_id    uuid NOT NULL,
  receipt_id  text NOT NULL,
  return_id   uuid NOT NULL,
  node        text NOT NULL,
  source      text NOT NULL,
  at          timestamptz NOT NULL,
  told_at     timestamptz NOT NULL,
  message_id  bigint,
  same_as     text,                       -- the receipt that counted these units already
  document    json NOT NULL,              -- what came, as it was told
  PRIMARY KEY (order_id, node, receipt_id)
);
CREATE INDEX return_receipt_return ON return_receipt (return_id);
