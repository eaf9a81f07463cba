-- Terms of a level that follow from a rule, and what is known of the others.
ALTER TABLE stock_level ADD COLUMN frozen_since timestamptz;       -- while set, whatever is not promised is frozen
ALTER TABLE stock_level ADD COLUMN buffer_units integer;           -- the buffer in force here, so that safety can follow on hand
ALTER TABLE stock_level ADD COLUMN buffer_percent integer;
ALTER TABLE stock_level ADD COLUMN left_at timestamptz;            -- when units last left, by the clock of the node
ALTER TABLE stock_level ADD COLUMN unsellable_source text;         -- who last said what is damaged or quarantined
ALTER TABLE stock_level ADD COLUMN unsellable_as_of timestamptz;
-- Why, in the words of who did it; empty for what orders do.
ALTER TABLE stock_movement ADD COLUMN note text;
