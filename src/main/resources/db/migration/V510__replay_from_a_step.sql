-- A bulk replay may begin at a named step; none is the usual way back.
ALTER TABLE replay_job ADD COLUMN step text CHECK (step IN ('NORMALIZE', 'APPLY', 'MAP', 'SEND'));
