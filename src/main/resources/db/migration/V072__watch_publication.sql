-- Since when a channel shows something else than there is; kept until it has taken the new quantity.
ALTER TABLE publication ADD COLUMN pending_since timestamptz;
-- What the channel sold of what it shows, as its orders told, since quantity and base were noted.
ALTER TABLE publication ADD COLUMN sold integer NOT NULL DEFAULT 0;
-- Whether the call on its way hurries: little or nothing is left.
ALTER TABLE publication ADD COLUMN hurried boolean NOT NULL DEFAULT false;
DROP INDEX publication_marked;
CREATE INDEX publication_marked ON publication (account, urgent, marked_at) WHERE marked_at IS NOT NULL;
CREATE INDEX publication_pending ON publication (account, pending_since) WHERE pending_since IS NOT NULL;
CREATE INDEX publication_sent ON publication (account, delivery_id) WHERE delivery_id IS NOT NULL;
