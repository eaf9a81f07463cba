-- When a change came: one that is read again behind a newer one would undo it.
ALTER TABLE trade_document ADD COLUMN came_at timestamptz;
