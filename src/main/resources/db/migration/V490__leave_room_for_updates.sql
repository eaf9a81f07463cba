-- An order and its fulfillment order are both updated once, right after they were written: with half of each page left
-- free the new row stays on its page and no index is written again. Pages that are already full stay as they are.
ALTER TABLE sales_order SET (fillfactor = 50);
ALTER TABLE fulfillment_order SET (fillfactor = 50);
