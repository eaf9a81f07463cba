-- A node said that no more comes, and some is open: it may only be told late. Until then nobody else is asked for it.
ALTER TABLE fulfillment_order ADD COLUMN short_at timestamptz;
ALTER TABLE fulfillment_order ADD COLUMN short_code text;
CREATE INDEX fulfillment_order_short ON fulfillment_order (short_at) WHERE short_at IS NOT NULL;
