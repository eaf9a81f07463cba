-- What replicas have to tell each other about an endpoint: every breaker transition counts the version, and a replica
-- that judged by an older one writes nothing.
ALTER TABLE endpoint
  ADD COLUMN breaker_sentence text,
  ADD COLUMN probe_owner      text,                         -- the one replica that may probe while HALF_OPEN
  ADD COLUMN probe_until      timestamptz,
  ADD COLUMN probes_passed    integer NOT NULL DEFAULT 0,
  ADD COLUMN resumed_at       timestamptz,                  -- pauses seen before it do not come back
  ADD COLUMN window_from      timestamptz,                  -- calls and failures of all replicas since then
  ADD COLUMN window_calls     integer NOT NULL DEFAULT 0,
  ADD COLUMN window_failures  integer NOT NULL DEFAULT 0,
  ADD COLUMN retry_at         timestamptz;                  -- when retry_tokens was counted
