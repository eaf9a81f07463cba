-- Operators find an order by any key somebody reads to them. All of these are written once, so updates stay on their page.
CREATE INDEX sales_order_display_number ON sales_order (display_number) WHERE display_number IS NOT NULL;
CREATE INDEX sales_order_buyer_email ON sales_order (lower(buyer_email)) WHERE buyer_email IS NOT NULL;
CREATE INDEX shipment_tracking_number ON shipment (tracking_number) WHERE tracking_number IS NOT NULL;
