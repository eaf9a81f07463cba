-- When the database was set back to an older point: what happened after it is known to others alone.
CREATE TABLE restoration (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL,           -- the point: of what came later nothing is known here
  restored_at timestamptz NOT NULL CHECK (restored_at >= at)
);
