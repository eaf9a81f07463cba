-- One token bucket for each kind of call a partner counts by itself, shared by the replicas.
CREATE TABLE quota (
  account      text NOT NULL,
  name         text NOT NULL,                 -- as the connector calls it
  declared     double precision NOT NULL,     -- calls a second by the connector
  per_second   double precision NOT NULL,     -- and by the partner's answers, where they say it
  burst        integer NOT NULL,
  level        double precision NOT NULL,     -- calls left at settled_at
  settled_at   timestamptz NOT NULL,
  corrected_at timestamptz,                   -- when an answer last said another rate
  PRIMARY KEY (account, name)
) WITH (fillfactor = 50);
