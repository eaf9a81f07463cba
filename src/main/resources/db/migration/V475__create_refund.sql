-- What channels gave back of an order, each refund once however often it is told, and what they were or are to be asked to.
CREATE TABLE refund (
  order_id    uuid NOT NULL,
  refund_id   text NOT NULL,              -- the channel's
  amount      numeric,                    -- in the currency of the order; null when nobody told it in that
  told        text,                       -- the sum as it was told, when that is another one
  lines       json,                       -- units of lines, and what becomes of the goods
  refunded_at timestamptz NOT NULL,
  request_id  uuid,                       -- the request of ours that it answers
  message_id  bigint,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, refund_id)
);
CREATE TABLE refund_request (
  id          uuid PRIMARY KEY,
  order_id    uuid NOT NULL,
  return_id   text,                       -- the return whose goods came back
  lines       json,                       -- units of lines, by the channel's line id
  amount      numeric NOT NULL,
  reason      text,
  actor       text,
  state       text NOT NULL CHECK (state IN ('DUE', 'REQUESTED', 'CONFIRMED', 'REFUSED', 'DROPPED')),
  refund_id   text,                       -- what came of it
  answer      text,
  due_at      timestamptz,                -- by when it is looked at again
  message_id  bigint,
  created_at  timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX refund_request_order ON refund_request (order_id);
CREATE INDEX refund_request_due ON refund_request (due_at) WHERE due_at IS NOT NULL;
