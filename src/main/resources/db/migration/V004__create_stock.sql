-- Where things are. Nodes come from configuration and are only added or switched off, never deleted.
CREATE TABLE node (
  id          text PRIMARY KEY,
  type        text NOT NULL,
  partner     text,
  country     text,
  postal_code text,
  priority    integer NOT NULL,
  active      boolean NOT NULL DEFAULT true
);

-- No index on a changing column and room in the page: every update stays on its page.
CREATE TABLE stock_level (
  sku             text NOT NULL,
  node            text NOT NULL REFERENCES node,
  on_hand         integer NOT NULL DEFAULT 0,
  allocated       integer NOT NULL DEFAULT 0,
  frozen          integer NOT NULL DEFAULT 0,
  damaged         integer NOT NULL DEFAULT 0,
  quarantined     integer NOT NULL DEFAULT 0,
  safety          integer NOT NULL DEFAULT 0,
  incoming        integer NOT NULL DEFAULT 0,
  shortage        integer NOT NULL DEFAULT 0,   -- what the source reported below what is allocated
  source          text,
  source_sequence text,
  as_of           timestamptz NOT NULL,         -- the source's instant of on_hand
  PRIMARY KEY (sku, node),
  CONSTRAINT stock_level_no_oversell CHECK (allocated >= 0 AND allocated <= on_hand),
  CONSTRAINT stock_level_terms CHECK (frozen >= 0 AND damaged >= 0 AND quarantined >= 0 AND safety >= 0 AND incoming >= 0 AND shortage >= 0)
) WITH (fillfactor = 70);

-- A promise of units at a node for an order line. OPEN counts in stock_level.allocated.
CREATE TABLE reservation (
  order_id             uuid NOT NULL,
  line_no              smallint NOT NULL,
  node                 text NOT NULL,
  fulfillment_order_id uuid NOT NULL,
  sku                  text NOT NULL,
  quantity             integer NOT NULL CHECK (quantity > 0),
  shipped              integer NOT NULL DEFAULT 0,
  released             integer NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, line_no, fulfillment_order_id),
  CONSTRAINT reservation_units CHECK (shipped >= 0 AND released >= 0 AND shipped + released <= quantity)
) WITH (fillfactor = 80);

-- Double entry: units move from one account of a (sku, node) to another, and each move names its cause.
CREATE TABLE stock_movement (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  sku         text NOT NULL,
  node        text NOT NULL,
  quantity    integer NOT NULL CHECK (quantity > 0),
  debit       text NOT NULL,      -- from: available, allocated, outside, ...
  credit      text NOT NULL,      -- to
  cause       text NOT NULL,      -- reserve, release, ship, snapshot, ...
  order_id    uuid,
  message_id  bigint,
  actor       text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (sku, node, id)
);
