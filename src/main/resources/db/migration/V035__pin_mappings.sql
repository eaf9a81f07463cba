-- What mappings towards partners were, and from when on: all attempts of a delivery's revision send the same.
CREATE TABLE mapping_version (
  name    text NOT NULL,                      -- the file below mappings/
  since   timestamptz NOT NULL,
  version text NOT NULL,                      -- hash of its text and of what it imports
  sources json NOT NULL,                      -- these texts, by file
  PRIMARY KEY (name, since)
);
-- The instant whose mappings make what is sent; null = when it was created.
ALTER TABLE delivery ADD COLUMN mapped_at timestamptz;
ALTER TABLE delivery DROP COLUMN mapping_version;
