-- What a person said of a delivery, until the order knows: written with the verdict, applied under the order's locks.
CREATE TABLE follow_up (
  delivery_id bigint PRIMARY KEY,
  verdict     text NOT NULL CHECK (verdict IN ('CONFIRMED', 'DISCARDED')),
  detail      text,                           -- the partner's reference, or why it was discarded
  due_at      timestamptz NOT NULL            -- moved on while somebody works on it
);
