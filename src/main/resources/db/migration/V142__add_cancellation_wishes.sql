-- Who asked that an order be cancelled and waits to hear whether it was; null when nobody did.
ALTER TABLE sales_order ADD COLUMN cancellation_wishes json;
