-- Under which key somebody asked for a return or a replacement, and for what: asked again it is the same one.
ALTER TABLE return_order ADD COLUMN request_key text, ADD COLUMN request_body text;
ALTER TABLE line_replacement ADD COLUMN request_key text, ADD COLUMN request_body text;
