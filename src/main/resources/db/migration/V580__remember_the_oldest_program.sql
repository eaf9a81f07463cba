-- The oldest program that may work with these tables, by the number of the newest migration it brings. A migration that what
-- came before it cannot bear (a column that goes, a word that none of them knows) raises it, and says why.
CREATE TABLE schema_floor (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  integer NOT NULL,
  reason   text NOT NULL                       -- after "because"
);
INSERT INTO schema_floor (version, reason) VALUES (580, 'older ones do not look here');
