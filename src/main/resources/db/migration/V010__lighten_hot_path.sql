-- What an order costs the database, less of it:
-- what Serai wrote itself is not parsed again to see that it is JSON,
ALTER TABLE order_document DROP CONSTRAINT order_document_order_id_fkey;   -- written in the order's own transaction
ALTER TABLE order_document ALTER COLUMN document TYPE text;
ALTER TABLE decision ALTER COLUMN document TYPE text;

-- what is sent stays out of the row that every attempt writes anew,
CREATE TABLE delivery_content (
  delivery_id bigint PRIMARY KEY,
  content     text NOT NULL                    -- canonical JSON, fixed with the delivery
);
INSERT INTO delivery_content SELECT id, content::text FROM delivery;
ALTER TABLE delivery DROP COLUMN content;

-- and tables that only grow are vacuumed for their age, not for every fifth row; nobody searches by a body.
ALTER TABLE message_payload_rest ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN sha256 SET STATISTICS 0, ALTER COLUMN content_type SET STATISTICS 0,
  ALTER COLUMN message_id SET STATISTICS 10, ALTER COLUMN received_at SET STATISTICS 10;
ALTER TABLE order_document ALTER COLUMN document SET STATISTICS 0, ALTER COLUMN order_id SET STATISTICS 10;
ALTER TABLE delivery_content ALTER COLUMN content SET STATISTICS 0, ALTER COLUMN delivery_id SET STATISTICS 10;
ALTER TABLE decision ALTER COLUMN document SET STATISTICS 0;
ALTER TABLE order_event ALTER COLUMN sentence SET STATISTICS 0;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['message_payload_rest', 'order_document', 'delivery_content', 'delivery_attempt', 'decision', 'order_line',
      'order_event', 'reservation', 'stock_movement'] LOOP
    EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_analyze_threshold = 10000, autovacuum_analyze_scale_factor = 1)', t);
  END LOOP;
END $$;
