-- When a destination is left alone because people said so: nothing is sent to it, and what is owed waits.
CREATE TABLE maintenance (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  destination text NOT NULL,
  starts_at   timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
  reason      text NOT NULL,
  planned_by  text NOT NULL,
  planned_at  timestamptz NOT NULL,
  ended_at    timestamptz,              -- before its time, or before it began
  ended_by    text,
  end_reason  text,
  closed_at   timestamptz               -- since then what waited goes on
);
CREATE INDEX maintenance_open ON maintenance (destination) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX maintenance_same ON maintenance (destination, starts_at, ends_at) WHERE ended_at IS NULL;
