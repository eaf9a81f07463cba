-- What was asked by hand or by a program under a reference of its own: asked again, it changes nothing.
CREATE TABLE stock_change (
  reference   text PRIMARY KEY,
  kind        text NOT NULL,
  fingerprint text NOT NULL,                -- of what was asked, to tell a repetition from a mistake
  actor       text,
  changed_at  timestamptz NOT NULL
);
-- What somebody has to look into: promises that cannot be kept, books that do not balance.
CREATE TABLE stock_case (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind      text NOT NULL,                  -- SHORTAGE, DRIFT
  sku       text NOT NULL,
  node      text NOT NULL,
  quantity  integer NOT NULL,
  sentence  text NOT NULL,
  owner     text NOT NULL,
  opened_at timestamptz NOT NULL,
  due_at    timestamptz NOT NULL,
  relief_at timestamptz,                    -- when promises are next looked for that could move elsewhere; null = a person decides
  closed_at timestamptz
);
CREATE UNIQUE INDEX stock_case_open ON stock_case (sku, node, kind) WHERE closed_at IS NULL;
-- Rows of a report that could not be taken: replaying their message tries these and no others.
CREATE TABLE stock_parked_row (
  message_id bigint NOT NULL,
  row_no     integer NOT NULL,
  sku        text NOT NULL,
  sentence   text NOT NULL,
  PRIMARY KEY (message_id, row_no)
);
CREATE INDEX stock_case_relief ON stock_case (relief_at) WHERE closed_at IS NULL AND relief_at IS NOT NULL;
