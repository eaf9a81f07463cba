-- Cancellations that wait behind the request they are to stop: few, and looked for every second.
CREATE INDEX delivery_cancellation_waiting ON delivery (lane) WHERE operation = 'cancellation' AND state = 'READY';
