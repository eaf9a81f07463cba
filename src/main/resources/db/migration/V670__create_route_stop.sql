-- Routes that people stopped, as long as they want it.
CREATE TABLE route_stop (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  route        text NOT NULL,
  reason       text NOT NULL,
  stopped_by   text NOT NULL,
  stopped_at   timestamptz NOT NULL,
  started_at   timestamptz,
  started_by   text,
  start_reason text
);
CREATE UNIQUE INDEX route_stop_open ON route_stop (route) WHERE started_at IS NULL;
