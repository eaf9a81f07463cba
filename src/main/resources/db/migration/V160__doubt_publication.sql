-- Whether a channel may show something else than it was told last, because it sold some of it since.
ALTER TABLE publication ADD COLUMN doubted boolean NOT NULL DEFAULT false;
