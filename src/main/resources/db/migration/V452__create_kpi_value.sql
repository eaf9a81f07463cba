-- Figures about the business, computed now and then: by day and for the whole window, for all accounts and for each.
CREATE TABLE kpi_value (
  kpi         text NOT NULL,
  period      text NOT NULL,               -- a day in UTC, or 'window'
  scope       text NOT NULL,               -- an account; '' = all
  hits        bigint NOT NULL,             -- what counts
  base        bigint NOT NULL,             -- of how many
  value       numeric,                     -- the figure: null while there is nothing to compute it of
  p95         numeric,                     -- of durations, the others besides the median
  most        numeric,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (kpi, period, scope)
);
