-- A shipment that differs from what was asked for: its channel hears of it when a person says so.
CREATE TABLE shipment_case (
  shipment_id uuid PRIMARY KEY,
  order_id    uuid NOT NULL,
  document    json NOT NULL,               -- what of it is booked, what is not, and why
  created_at  timestamptz NOT NULL,
  decided_at  timestamptz
);
