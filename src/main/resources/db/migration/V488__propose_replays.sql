-- A large replay is frozen, and waits for a second person.
ALTER TABLE replay_job DROP CONSTRAINT replay_job_state_check;
ALTER TABLE replay_job ADD CONSTRAINT replay_job_state_check
  CHECK (state IN ('PROPOSED','RUNNING','PAUSED','DONE','ABORTED'));
