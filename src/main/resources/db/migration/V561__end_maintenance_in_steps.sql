-- Up to where in the lanes the time that a window took was given back, when so much waits that it takes several steps.
ALTER TABLE maintenance ADD COLUMN given_back_lane text NOT NULL DEFAULT '', ADD COLUMN given_back_id bigint NOT NULL DEFAULT 0;
