-- What a node was asked to do for an order.
CREATE TABLE fulfillment_order (
  id         uuid PRIMARY KEY,
  order_id   uuid NOT NULL,
  node       text NOT NULL,
  partner    text,
  state      text NOT NULL CHECK (state IN ('REQUESTED','ACCEPTED','REJECTED','CANCEL_REQUESTED','CANCELLED','PARTIALLY_SHIPPED','SHIPPED','WITHDRAWN')),
  reference  text,                -- the partner's
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX fulfillment_order_order ON fulfillment_order (order_id);

CREATE TABLE shipment (
  id                   uuid PRIMARY KEY,
  order_id             uuid NOT NULL,
  fulfillment_order_id uuid NOT NULL REFERENCES fulfillment_order,
  partner_shipment_id  text NOT NULL,
  carrier              text,
  tracking_number      text,
  document             json NOT NULL,
  shipped_at           timestamptz NOT NULL,
  created_at           timestamptz NOT NULL,
  UNIQUE (fulfillment_order_id, partner_shipment_id)
);
CREATE INDEX shipment_order ON shipment (order_id);

-- The effect ledger: one row an effect that we owe somebody, and what came of it.
CREATE SEQUENCE delivery_id;
CREATE TABLE delivery (
  id              bigint PRIMARY KEY DEFAULT nextval('delivery_id'),
  destination     text NOT NULL,
  document        text NOT NULL,
  operation       text NOT NULL,
  lane            text NOT NULL,              -- destination/order: one at a time, in order
  order_id        uuid,
  business_key    text NOT NULL,
  revision        integer NOT NULL DEFAULT 1,
  idempotency_key text NOT NULL,              -- fixed with the revision
  mapping_version text,                       -- fixed with the revision
  content         json NOT NULL,
  repeat_mode     text NOT NULL CHECK (repeat_mode IN ('IDEMPOTENT','QUERYABLE','BLIND')),
  state           text NOT NULL CHECK (state IN ('READY','SENDING','PENDING','CONFIRMED','REFUSED','WAITING','PARKED','WITHDRAWN','SUPERSEDED','DISCARDED')),
  outcome_unknown boolean NOT NULL DEFAULT false,  -- an attempt may have had its effect
  remote_id       text,
  message_id      bigint,                     -- cause
  due_at          timestamptz NOT NULL,
  deadline_at     timestamptz NOT NULL,
  lease_owner     text,
  lease_until     timestamptz,
  fence           bigint NOT NULL DEFAULT 0,
  attempt_count   integer NOT NULL DEFAULT 0, -- counted ones
  failure_id      bigint,
  reason          text,
  created_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  UNIQUE (destination, operation, business_key, revision)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX delivery_sending ON delivery (lane) WHERE state = 'SENDING';
CREATE INDEX delivery_lane_open ON delivery (lane, id) WHERE state IN ('READY','SENDING','PENDING','WAITING','PARKED');
CREATE INDEX delivery_due ON delivery (destination, due_at) WHERE state = 'READY';
CREATE INDEX delivery_pending ON delivery (due_at) WHERE state = 'PENDING';
CREATE INDEX delivery_parked ON delivery (id) WHERE state = 'PARKED';
CREATE INDEX delivery_order ON delivery (order_id, id) WHERE order_id IS NOT NULL;

CREATE TABLE delivery_attempt (
  delivery_id bigint NOT NULL,
  attempt     integer NOT NULL,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz NOT NULL,
  outcome     text NOT NULL,                  -- CONFIRMED, PENDING, or the failure's kind
  status      integer,                        -- HTTP or protocol status where there was one
  sentence    text,
  counted     boolean NOT NULL DEFAULT true,
  PRIMARY KEY (delivery_id, attempt)
);

-- One row an endpoint: its pause, breaker and retry budget, shared by every replica.
CREATE TABLE endpoint (
  name           text PRIMARY KEY,            -- destination
  paused_until   timestamptz,
  pause_kind     text,                        -- THROTTLED, AUTH, OPERATOR
  pause_sentence text,
  breaker        text NOT NULL DEFAULT 'CLOSED' CHECK (breaker IN ('CLOSED','OPEN','HALF_OPEN')),
  breaker_until  timestamptz,
  opened_count   integer NOT NULL DEFAULT 0,  -- in a row
  ramp_from      timestamptz,                 -- start of the ramp after an outage
  retry_tokens   double precision NOT NULL DEFAULT 100,
  version        bigint NOT NULL DEFAULT 0
);
