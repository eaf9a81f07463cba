-- By when a node that was asked to stop should have answered; null = nothing is awaited.
ALTER TABLE fulfillment_order ADD COLUMN answer_due_at timestamptz;
CREATE INDEX fulfillment_order_answer ON fulfillment_order (answer_due_at) WHERE answer_due_at IS NOT NULL;
