-- How many orders nodes of limited capacity were asked to send, by the day on which they would leave.
CREATE TABLE node_load (
  node   text NOT NULL,
  day    date NOT NULL,
  orders integer NOT NULL,
  PRIMARY KEY (node, day)
) WITH (fillfactor = 70);
