-- Why a replay was started, and of which earlier one it takes up what is left.
ALTER TABLE replay_job ADD COLUMN purpose text;
ALTER TABLE replay_job ADD COLUMN repeats bigint;
