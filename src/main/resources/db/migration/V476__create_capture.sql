-- Money that channels were asked to take for what was sent of an order.
CREATE TABLE capture (
  order_id    uuid NOT NULL,
  key         text NOT NULL,              -- the shipment it is for
  amount      numeric NOT NULL,
  last        boolean NOT NULL,           -- whether nothing of the order is left to be sent
  state       text NOT NULL CHECK (state IN ('REQUESTED', 'CAPTURED', 'REFUSED')),
  remote_id   text,
  answer      text,
  message_id  bigint,
  created_at  timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (order_id, key)
);
