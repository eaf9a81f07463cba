-- Which orders have refunds, requests for them, captures or money that is not as it should be: of all others none of it is read.
ALTER TABLE sales_order ADD COLUMN money_moved boolean NOT NULL DEFAULT false;
UPDATE sales_order SET money_moved = true WHERE id IN (
  SELECT order_id FROM refund UNION SELECT order_id FROM refund_request UNION SELECT order_id FROM capture
  UNION SELECT order_id FROM money_watch);
