-- Messages over AS2: known again by what proves them, whatever id they come under; how often one of ours was tried; and
-- what is old, found by its time.
ALTER TABLE as2_received ADD COLUMN proof bytea; -- digest of the signature
CREATE UNIQUE INDEX as2_received_proof ON as2_received (account, proof) WHERE proof IS NOT NULL;
CREATE INDEX as2_received_at ON as2_received (received_at);
ALTER TABLE as2_sent ADD COLUMN attempt_count integer NOT NULL DEFAULT 1;
CREATE INDEX as2_sent_at ON as2_sent (sent_at);
CREATE INDEX sent_file_updated ON sent_file (updated_at);
