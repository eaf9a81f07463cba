-- What is erased with an order or a message is found by it: without these each erasure reads the whole table.
CREATE INDEX CONCURRENTLY IF NOT EXISTS finding_order ON finding (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS drift_message ON drift (message_id) WHERE message_id IS NOT NULL;
