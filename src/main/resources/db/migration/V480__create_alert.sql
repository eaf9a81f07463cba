-- What people were told needs them: at most one open alert for each cause and destination.
CREATE TABLE alert (
  id          uuid PRIMARY KEY,
  account     text NOT NULL,
  fingerprint text NOT NULL,
  cause       json NOT NULL,
  raised_at   timestamptz NOT NULL,
  told_at     timestamptz NOT NULL,
  times       int NOT NULL,
  cleared_at  timestamptz
);

CREATE UNIQUE INDEX alert_open ON alert (account, fingerprint) WHERE cleared_at IS NULL;
CREATE INDEX alert_cleared ON alert (cleared_at) WHERE cleared_at IS NOT NULL;
