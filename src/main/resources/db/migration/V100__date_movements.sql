-- When units really left, by the clock of the node, where that was told later: a till that was offline.
ALTER TABLE stock_movement ADD COLUMN happened_at timestamptz;
