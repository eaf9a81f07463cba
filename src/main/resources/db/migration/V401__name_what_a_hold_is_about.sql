-- What of an order a hold is about, a parcel for one; null for the order itself.
ALTER TABLE order_hold ADD COLUMN subject text;
