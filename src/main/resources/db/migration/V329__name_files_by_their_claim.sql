-- The attempt that writes a file: each has a temporary name of its own, and one that was overtaken gives up.
ALTER TABLE sent_file ADD COLUMN claim integer NOT NULL DEFAULT 0;
