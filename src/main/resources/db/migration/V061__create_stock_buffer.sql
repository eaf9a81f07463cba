-- What is kept back from sale. '' stands for every SKU, node or channel; the most specific buffer holds.
CREATE TABLE stock_buffer (
  sku        text NOT NULL DEFAULT '',
  node       text NOT NULL DEFAULT '',
  channel    text NOT NULL DEFAULT '',      -- '' = kept back from all: part of stock_level.safety
  units      integer,
  percent    integer,                       -- of what is on hand, rounded up
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (sku, node, channel),
  CONSTRAINT stock_buffer_one CHECK ((units IS NULL) <> (percent IS NULL)),
  CONSTRAINT stock_buffer_range CHECK (units >= 0 AND percent BETWEEN 0 AND 100)
);
-- A buffer for many SKUs is taken over by their levels piece by piece: what is left to do.
CREATE TABLE stock_buffer_spread (
  node       text PRIMARY KEY,              -- '' = every node
  after_sku  text NOT NULL DEFAULT '',
  generation bigint NOT NULL DEFAULT 1      -- moves on when a buffer changes while one is being spread
);
