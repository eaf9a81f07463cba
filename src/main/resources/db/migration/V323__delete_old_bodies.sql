-- Up to which id the bodies of a class were looked at, and those of them that were not finished when their time came.
CREATE TABLE retention (
  class text PRIMARY KEY,
  up_to bigint NOT NULL
);
CREATE TABLE retention_left (
  class text NOT NULL,
  id    bigint NOT NULL,
  PRIMARY KEY (class, id)
);
