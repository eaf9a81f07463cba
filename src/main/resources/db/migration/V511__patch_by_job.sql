-- A bulk replay may make one change to each payload before it runs again; the reason stands with each edit.
ALTER TABLE replay_job ADD COLUMN patch json;
ALTER TABLE replay_job ADD COLUMN patch_reason text;
