-- What is kept and sold. A set has components and is never stocked itself.
CREATE TABLE item (
  sku            text PRIMARY KEY,
  title          text,
  tags           text[] NOT NULL DEFAULT '{}',
  weight_grams   integer CHECK (weight_grams >= 0),
  hs_code        text,
  origin_country text,
  updated_at     timestamptz NOT NULL
);
CREATE TABLE item_component (
  sku       text NOT NULL REFERENCES item ON DELETE CASCADE,
  component text NOT NULL,
  quantity  integer NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (sku, component)
);
CREATE INDEX item_component_component ON item_component (component);

-- What a channel's code means here: so many of a SKU.
CREATE TABLE cross_reference (
  account    text NOT NULL,                   -- '' = in every channel
  code       text NOT NULL,
  sku        text NOT NULL,
  quantity   integer NOT NULL CHECK (quantity > 0),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (account, code)
);
CREATE INDEX cross_reference_sku ON cross_reference (sku);

-- At most one row: counts changes, so that every replica notices; whoever changes items holds it.
CREATE TABLE item_edition (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  edition bigint NOT NULL
);
