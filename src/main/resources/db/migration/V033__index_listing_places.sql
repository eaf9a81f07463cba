-- At which places a channel keeps stock, without reading every article.
CREATE INDEX listing_place ON listing (account, location_id);
