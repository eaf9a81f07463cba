-- What a channel that trades in documents was owed of an order, so that it is owed once: its acknowledgment, the
-- invoice of each shipment, the answer to each change. A change waits here until it is known what became of it.
CREATE TABLE trade_document (
  order_id   uuid NOT NULL,
  document   text NOT NULL CHECK (document IN ('acknowledgment', 'invoice', 'order-change')),
  key        text NOT NULL,               -- the shipment; the channel's number of the change; empty of the acknowledgment
  number     text,                        -- ours
  asked      json,                        -- of a change: what was wanted of which line; of an invoice: its sums
  done_at    timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, document, key)
);
