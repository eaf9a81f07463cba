-- What more can be promised of, while orders wait for it: their allocation is tried again, oldest order first.
CREATE TABLE restock (
  sku    text PRIMARY KEY,
  due_at timestamptz NOT NULL                 -- moved on while somebody works on it
);
