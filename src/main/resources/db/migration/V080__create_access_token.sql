-- Access tokens that a partner grants for a time, shared by the replicas. What is in them can be read only with the
-- secrets of the configuration.
CREATE TABLE access_token (
  account     text NOT NULL,
  name        text NOT NULL,                  -- as the connector calls it; empty for the one without a name
  seal        text NOT NULL,                  -- tells with which secrets it is sealed, not what they are
  sealed      bytea,                          -- the token, and the refresh token where the partner changes it
  obtained_at timestamptz,
  expires_at  timestamptz,
  refused_at  timestamptz,                    -- since when the partner grants none
  refusal     text,
  fence       bigint NOT NULL,
  PRIMARY KEY (account, name)
);
