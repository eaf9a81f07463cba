-- What was to be otherwise of an order after it was placed, and what became of that; null when nothing was.
ALTER TABLE sales_order ADD COLUMN edits json;
