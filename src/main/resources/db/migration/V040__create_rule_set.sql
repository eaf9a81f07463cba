-- Texts of allocation rules that were in effect: a decision names one by its version for as long as it is kept.
CREATE TABLE rule_set (
  version text PRIMARY KEY,
  name text NOT NULL,
  text text NOT NULL,
  activated_at timestamptz NOT NULL
);
