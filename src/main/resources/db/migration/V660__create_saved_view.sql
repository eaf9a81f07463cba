-- A page of the console with its filter, kept under a name by whoever looks at it again and again.
CREATE TABLE saved_view (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name     text NOT NULL,
  address  text NOT NULL,
  shared   boolean NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL,
  UNIQUE (saved_by, name)
);
