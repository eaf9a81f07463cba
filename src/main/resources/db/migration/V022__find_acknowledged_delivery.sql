-- An acknowledgment finds the delivery it closes, and one that comes again the delivery it closed.
ALTER TABLE delivery ADD COLUMN acknowledged_at timestamptz;
CREATE INDEX delivery_acknowledged_remote ON delivery (destination, remote_id)
  WHERE state = 'PENDING' OR acknowledged_at IS NOT NULL OR state = 'PARKED' AND outcome_unknown;
CREATE INDEX delivery_acknowledged_key ON delivery (destination, idempotency_key)
  WHERE state = 'PENDING' OR acknowledged_at IS NOT NULL OR state = 'PARKED' AND outcome_unknown;
