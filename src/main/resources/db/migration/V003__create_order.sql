-- The order as the hub knows it: a narrow row that changes, and the wide document apart from it.
CREATE TABLE sales_order (
  id               uuid PRIMARY KEY,
  account          text NOT NULL,
  channel_order_id text NOT NULL,
  display_number   text,
  state            text NOT NULL,
  revision         integer NOT NULL,
  channel_version  text,
  currency         text,
  grand_total      numeric,
  money_mismatch   boolean NOT NULL DEFAULT false,
  test             boolean NOT NULL DEFAULT false,
  fulfilled_by     text NOT NULL DEFAULT 'MERCHANT',
  payment_state    text,
  hold             text,                  -- kind of the hold that stops it, or null
  hold_reason      text,
  hold_owner       text,
  hold_due_at      timestamptz,
  hold_failure_id  bigint,
  buyer_email      text,
  ship_country     text,
  placed_at        timestamptz,
  cancelled_at     timestamptz,           -- the whole order was cancelled by the channel or the merchant
  received_at      timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  CONSTRAINT sales_order_channel UNIQUE (account, channel_order_id)
) WITH (fillfactor = 70);
CREATE INDEX sales_order_hold ON sales_order (hold_due_at) WHERE hold IS NOT NULL;

CREATE TABLE order_document (
  order_id uuid PRIMARY KEY REFERENCES sales_order,
  document json NOT NULL
);

CREATE TABLE order_line (
  order_id          uuid NOT NULL,
  line_no           smallint NOT NULL,
  line_id           text NOT NULL,        -- the channel's
  sku               text,
  kind              text NOT NULL,
  requires_shipping boolean NOT NULL,
  ordered           integer NOT NULL,
  cancel_wanted     integer NOT NULL DEFAULT 0,  -- what the channel no longer wants; cancelled follows when nobody ships it any more
  cancelled         integer NOT NULL DEFAULT 0,
  allocated         integer NOT NULL DEFAULT 0,
  backordered       integer NOT NULL DEFAULT 0,
  shipped           integer NOT NULL DEFAULT 0,
  returned          integer NOT NULL DEFAULT 0,
  refunded          integer NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_line_quantities CHECK (ordered >= 0 AND cancelled >= 0 AND allocated >= 0 AND backordered >= 0 AND shipped >= 0
    AND cancelled + allocated + backordered + shipped <= ordered)
) WITH (fillfactor = 70);
CREATE INDEX order_line_backordered ON order_line (sku) WHERE backordered > 0;

-- The timeline: what happened to an order, in business words, with its cause.
CREATE TABLE order_event (
  id          bigint GENERATED ALWAYS AS IDENTITY,
  order_id    uuid NOT NULL,
  kind        text NOT NULL,
  sentence    text NOT NULL,
  message_id  bigint,
  delivery_id bigint,
  actor       text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, id)
);

-- Why here: candidates, figures of that instant, rule version and why losers lost.
CREATE TABLE decision (
  order_id     uuid NOT NULL,
  revision     integer NOT NULL,
  rule_version text NOT NULL,
  document     json NOT NULL,
  decided_at   timestamptz NOT NULL,
  PRIMARY KEY (order_id, revision)
);
