-- When what a channel shows was last read there instead of reckoned: a sale of before is in what was read.
ALTER TABLE publication ADD COLUMN read_at timestamptz;
