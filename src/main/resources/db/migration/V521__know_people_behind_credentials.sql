-- Who is behind a credential: marks that all credentials of one person share, so that four eyes are two people.
ALTER TABLE approval ADD COLUMN asked_as text[];
ALTER TABLE api_token ADD COLUMN made_as text[];
