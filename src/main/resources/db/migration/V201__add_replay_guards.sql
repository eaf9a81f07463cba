-- A replay touches what was selected and nothing that changed since, and notices when it makes things worse.
ALTER TABLE replay_item
  ADD COLUMN fence     bigint,               -- the item's when it was selected
  ADD COLUMN worked_at timestamptz;          -- when it was replayed; on a PLANNED hold: when that was begun
ALTER TABLE replay_job
  ADD COLUMN watched_from timestamptz;       -- failures from here on count towards the automatic stop

-- What an operator replaced in a parked message: the bytes before, who and why.
CREATE TABLE message_edit (
  message_id   bigint NOT NULL,
  edited_at    timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,         -- the message's: retention goes by it
  actor        text NOT NULL,
  reason       text NOT NULL,
  content_type text,
  sha256       bytea NOT NULL,               -- of the bytes before
  body         bytea NOT NULL,
  PRIMARY KEY (message_id, edited_at)
);
CREATE INDEX message_edit_received ON message_edit (received_at);

-- Dead letters are read newest first.
CREATE INDEX inbox_message_dead ON inbox_message ((coalesce(failure_id, 0)), id) WHERE state = 'PARKED';
CREATE INDEX delivery_dead ON delivery ((coalesce(failure_id, 0)), id)
  WHERE state = 'PARKED' OR (state = 'REFUSED' AND failure_id IS NOT NULL);
