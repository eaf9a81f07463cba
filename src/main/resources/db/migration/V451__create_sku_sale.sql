-- Units sold of each SKU by day, counted once a day is over: what sells most is compared most often.
CREATE TABLE sku_sale (
  day   date NOT NULL,
  sku   text NOT NULL,
  units integer NOT NULL,
  PRIMARY KEY (day, sku)
);
-- Days that were counted, those without a sale among them.
CREATE TABLE sku_sale_day (
  day date PRIMARY KEY
);
