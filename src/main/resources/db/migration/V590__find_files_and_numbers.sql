-- What a person has in hand is a file's name or a number in it, and seldom the account it belongs to.
CREATE INDEX CONCURRENTLY IF NOT EXISTS interchange_control ON interchange (control);
CREATE INDEX CONCURRENTLY IF NOT EXISTS interchange_file_name ON interchange (file_name) WHERE file_name IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS interchange_set_group_number ON interchange_set (group_control);
CREATE INDEX CONCURRENTLY IF NOT EXISTS interchange_set_number ON interchange_set (control, interchange_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS interchange_set_about ON interchange_set (subject) WHERE subject IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS sent_file_name ON sent_file (name);
CREATE INDEX CONCURRENTLY IF NOT EXISTS fetched_file_name ON fetched_file (name);
CREATE INDEX CONCURRENTLY IF NOT EXISTS as2_sent_message_id ON as2_sent (message_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS as2_received_message_id ON as2_received (message_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS cross_reference_code ON cross_reference (code);
