-- The tracking numbers of a shipment beyond its first: few have any.
CREATE TABLE shipment_number (
  tracking_number text NOT NULL,
  shipment_id     uuid NOT NULL,
  order_id        uuid NOT NULL,
  created_at      timestamptz NOT NULL,
  PRIMARY KEY (shipment_id, tracking_number)
);
CREATE INDEX shipment_number_tracking ON shipment_number (tracking_number);
