-- What was last seen of an account by any replica: written behind, so that it costs no message anything.
CREATE TABLE account_sighting (
  account  text NOT NULL,
  kind     text NOT NULL,                     -- WEBHOOK, REFUSED (its proof), CHALLENGE, MESSAGE (any way in), EFFECT (confirmed)
  document text NOT NULL,                     -- '' where the kind has none
  count    bigint NOT NULL,
  last_at  timestamptz NOT NULL,
  PRIMARY KEY (account, kind, document)
) WITH (fillfactor = 50);
