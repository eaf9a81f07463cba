-- Up to which movement a level was found to be what its movements add up to, and what that was.
CREATE TABLE stock_balance (
  sku         text NOT NULL,
  node        text NOT NULL,
  movement_id bigint NOT NULL,
  on_hand     bigint NOT NULL,
  allocated   bigint NOT NULL,
  frozen      bigint NOT NULL,
  damaged     bigint NOT NULL,
  quarantined bigint NOT NULL,
  safety      bigint NOT NULL,
  incoming    bigint NOT NULL,
  checked_at  timestamptz NOT NULL,
  PRIMARY KEY (sku, node)
) WITH (fillfactor = 80);
