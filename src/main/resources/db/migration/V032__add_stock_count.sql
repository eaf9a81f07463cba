-- When a level was last counted, apart from when it last changed: a change from before the count is in it already.
ALTER TABLE stock_level ADD COLUMN counted_at timestamptz;
ALTER TABLE stock_level ADD COLUMN counted_sequence text;
UPDATE stock_level SET counted_at = as_of, counted_sequence = source_sequence;
