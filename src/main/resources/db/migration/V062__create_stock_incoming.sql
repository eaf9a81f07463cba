-- What a supplier owes a node, and when. stock_level.incoming is the sum of what is still to come.
CREATE TABLE stock_incoming (
  sku         text NOT NULL,
  node        text NOT NULL REFERENCES node,
  reference   text NOT NULL,                -- the purchase order or advice that announced it
  quantity    integer NOT NULL CHECK (quantity >= 0),
  received    integer NOT NULL DEFAULT 0 CHECK (received >= 0),
  expected_at timestamptz NOT NULL,
  source      text NOT NULL,
  as_of       timestamptz NOT NULL,
  PRIMARY KEY (sku, node, reference)
);
