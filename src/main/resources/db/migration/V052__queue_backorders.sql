-- Who is served first when stock comes, and what may leave before the rest: set apart from what every order writes.
ALTER TABLE sales_order ADD COLUMN priority smallint NOT NULL DEFAULT 0;            -- higher first
ALTER TABLE sales_order ADD COLUMN ship_available boolean NOT NULL DEFAULT false;   -- a part may leave alone
ALTER TABLE order_line ADD COLUMN preorder boolean NOT NULL DEFAULT false;          -- sold before its goods are there
ALTER TABLE order_line ADD COLUMN promised_at timestamptz;                          -- when a pre-ordered line is to leave

-- Up to which request each partner's silence has been looked at.
CREATE TABLE silence_watch (
  partner    text PRIMARY KEY,
  seen_until timestamptz NOT NULL
);
