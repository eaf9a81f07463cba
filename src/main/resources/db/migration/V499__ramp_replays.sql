-- A bulk replay may begin slowly, so that what it breaks is noticed while little of it was replayed.
ALTER TABLE replay_job ADD COLUMN ramp_seconds integer NOT NULL DEFAULT 0;  -- until the full rate; from start and from each resume on
