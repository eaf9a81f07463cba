-- A sold set stays a line; what it consists of are lines of our own that name it.
ALTER TABLE order_line ADD COLUMN parent_line_no smallint;
ALTER TABLE order_line ADD COLUMN per_parent integer CHECK (per_parent > 0);
