-- One parcel that is packed here, or that a carrier tells of: its offers, its label, its scans.
CREATE TABLE parcel (
  id                   uuid PRIMARY KEY,
  order_id             uuid NOT NULL,
  fulfillment_order_id uuid NOT NULL,
  node                 text NOT NULL,
  state                text NOT NULL,        -- RATING, WAITING, BUYING, LABELED, VOIDING, VOIDED, SHIPPED, DELIVERED, RETURNED, ABANDONED
  round                integer NOT NULL,     -- how often it was offered to carriers
  account              text,                 -- the carrier whose label it has or is to have
  tracking_number      text,
  tracking_state       text,
  document             json NOT NULL,        -- what was asked, offered, chosen and bought
  due_at               timestamptz,          -- when it has to be looked at though nothing happens
  last_scan_at         timestamptz,
  shipped_at           timestamptz,
  delivered_at         timestamptz,
  created_at           timestamptz NOT NULL,
  updated_at           timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX parcel_order ON parcel (order_id);
CREATE INDEX parcel_tracking ON parcel (tracking_number) WHERE tracking_number IS NOT NULL;
CREATE INDEX parcel_due ON parcel (due_at) WHERE due_at IS NOT NULL;

-- The label as it is printed; deleted with the bodies of orders.
CREATE TABLE parcel_label (
  parcel_id  uuid PRIMARY KEY,
  format     text NOT NULL,
  content    bytea NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX parcel_label_age ON parcel_label (created_at);

-- Each scan once, however often and in whatever order it is told.
CREATE TABLE parcel_scan (
  parcel_id   uuid NOT NULL,
  at          timestamptz NOT NULL,
  state       text NOT NULL,
  code        text NOT NULL,
  description text,
  place       text,
  future      boolean NOT NULL,              -- dated ahead of when it was told: kept, counts for nothing
  told_at     timestamptz NOT NULL,
  message_id  bigint,
  PRIMARY KEY (parcel_id, at, state, code)
);

-- Units of a line that the buyer has.
ALTER TABLE order_line ADD COLUMN delivered integer NOT NULL DEFAULT 0;

-- Units of a line that the carrier brought back.
ALTER TABLE order_line ADD COLUMN came_back integer NOT NULL DEFAULT 0;
