-- Which orders have refunds, requests for them, captures or money that is not as it should be: of all others none of it is read.
ALTER TABLE sales_order ADD COLUMN money_moved boolean NOT NULL DEFAULT false;
