-- New orders of a channel are held, as long as people want it. What is held names it: chn_<id>.
CREATE TABLE channel_hold (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account        text NOT NULL,
  reason         text NOT NULL,
  placed_by      text NOT NULL,
  placed_at      timestamptz NOT NULL,
  released_at    timestamptz,
  released_by    text,
  release_reason text,
  drained_at     timestamptz               -- every order that it held goes on
);
CREATE UNIQUE INDEX channel_hold_open ON channel_hold (account) WHERE released_at IS NULL;
CREATE INDEX channel_hold_draining ON channel_hold (id) WHERE released_at IS NOT NULL AND drained_at IS NULL;
CREATE INDEX order_hold_channel ON order_hold (subject, order_id) WHERE released_at IS NULL AND kind = 'MANUAL' AND subject IS NOT NULL;
