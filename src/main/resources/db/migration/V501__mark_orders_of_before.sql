-- Those whose money moved before they were marked; alone in its transaction, so that it locks their rows only.
UPDATE sales_order SET money_moved = true WHERE NOT money_moved AND id IN (
  SELECT order_id FROM refund UNION SELECT order_id FROM refund_request UNION SELECT order_id FROM capture
  UNION SELECT order_id FROM money_watch);
