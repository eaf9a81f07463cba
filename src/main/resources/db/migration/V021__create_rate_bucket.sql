-- One token bucket an endpoint with a declared rate, in the form of the library that keeps it. Replicas take slices.
CREATE TABLE rate_bucket (
  name  text PRIMARY KEY,                     -- destination
  state bytea
) WITH (fillfactor = 50);
