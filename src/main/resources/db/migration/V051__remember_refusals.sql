-- What a node will not send, and whereto a person moved it: neither is asked of that node again.
ALTER TABLE fulfillment_order ADD COLUMN refused_at timestamptz;
ALTER TABLE fulfillment_order ADD COLUMN refused_code text;
ALTER TABLE fulfillment_order ADD COLUMN refused_reason text;
ALTER TABLE fulfillment_order ADD COLUMN move_to text;       -- a node, or * for any other; null = stays
ALTER TABLE reservation ADD COLUMN refused integer NOT NULL DEFAULT 0;   -- of what was released, what the node refused
