-- A channel's own article and what of ours it sells.
CREATE TABLE listing (
  account       text NOT NULL,
  listing_id    text NOT NULL,                -- what the channel's stock call is keyed by
  sku           text NOT NULL,
  location_id   text NOT NULL DEFAULT '',
  title         text,
  seen_at       timestamptz NOT NULL,
  PRIMARY KEY (account, listing_id, location_id)
);
CREATE INDEX listing_sku ON listing (sku);

-- What a channel was last told about an article. Coalesced: marked once, computed when sent.
CREATE TABLE publication (
  account      text NOT NULL,
  listing_id   text NOT NULL,
  location_id  text NOT NULL DEFAULT '',
  sku          text NOT NULL,
  marked_at    timestamptz,                   -- null = nothing to say
  urgent       boolean NOT NULL DEFAULT false,-- prevents an oversell: goes first
  quantity     integer,                       -- last accepted by the channel
  base         integer,                       -- what the channel said it has, for its compare-and-set
  delivery_id  bigint,                        -- the batch on its way
  sent_at      timestamptz,
  confirmed_at timestamptz,
  PRIMARY KEY (account, listing_id, location_id)
) WITH (fillfactor = 70);
CREATE INDEX publication_marked ON publication (account, marked_at) WHERE marked_at IS NOT NULL;
CREATE INDEX publication_sku ON publication (sku);
