-- Raw bodies are written once and read rarely. lz4 makes them smaller for next to nothing; the older pglz costs a
-- sixth of the server's time on the way in, so a server built without lz4 keeps them as they came.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE message_payload ALTER COLUMN body SET STORAGE EXTERNAL;
    ALTER TABLE message_payload_rest ALTER COLUMN body SET STORAGE EXTERNAL;
    ALTER TABLE order_document ALTER COLUMN document SET STORAGE EXTERNAL;
  END IF;
END $$;

-- A body that fits a page stays in one row beside its key, instead of four rows and their index aside.
ALTER TABLE message_payload_rest SET (toast_tuple_target = 8160);
ALTER TABLE order_document SET (toast_tuple_target = 8160);
