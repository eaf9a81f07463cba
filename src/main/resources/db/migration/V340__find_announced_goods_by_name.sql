-- A warehouse is told of everything that is announced under one name.
CREATE INDEX stock_incoming_reference ON stock_incoming (reference);
