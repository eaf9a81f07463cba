-- What went wrong, by name: one row a failed attempt that somebody may want to read.
CREATE TABLE failure (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text NOT NULL,
  sentence     text NOT NULL,
  fingerprint  text NOT NULL,             -- kind + masked sentence + route + step + destination
  account      text,                      -- the endpoint: where it came from or was going to
  route        text,
  step         text,
  evidence     text,                      -- what the partner answered: truncated, masked
  message_id   bigint,
  delivery_id  bigint,
  order_id     uuid,
  attempt      integer NOT NULL DEFAULT 1,
  occurred_at  timestamptz NOT NULL
);
CREATE INDEX failure_message ON failure (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX failure_delivery ON failure (delivery_id) WHERE delivery_id IS NOT NULL;
CREATE INDEX failure_fingerprint ON failure (fingerprint, id);
