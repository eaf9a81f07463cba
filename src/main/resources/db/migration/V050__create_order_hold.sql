-- What an order is or was held for: several at once, each with its owner and due time; sales_order.hold shows the first that is open.
CREATE TABLE order_hold (
  order_id       uuid NOT NULL,
  no             smallint NOT NULL,            -- 1, 2, … within the order
  kind           text NOT NULL,
  reason         text NOT NULL,
  owner          text NOT NULL,                -- who has to act
  placed_at      timestamptz NOT NULL,
  placed_by      text,                         -- null = the hub
  due_at         timestamptz,
  released_at    timestamptz,                  -- null = open
  released_by    text,                         -- null = the hub
  release_reason text,
  PRIMARY KEY (order_id, no)
);
CREATE INDEX order_hold_open ON order_hold (kind, due_at) WHERE released_at IS NULL;

INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, due_at)
SELECT id, 1, hold, coalesce(hold_reason, hold), coalesce(hold_owner, 'operations'), updated_at, hold_due_at
FROM sales_order WHERE hold IS NOT NULL;
