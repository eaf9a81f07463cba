-- A window keeps its end while it is read, and what went wrong is there for people and for the next ring.
ALTER TABLE poll_cursor
  ADD COLUMN window_until    timestamptz,               -- the end of the window that is being read; null between windows
  ADD COLUMN last_success_at timestamptz,
  ADD COLUMN failed_at       timestamptz,               -- null when the last poll went well
  ADD COLUMN failure_kind    text,
  ADD COLUMN failure         text,
  ADD COLUMN not_before      timestamptz;               -- rings before it are passed over
