-- How much an article matters decides how often it is counted and how far a count may be off before somebody hears of it.
ALTER TABLE item ADD COLUMN abc_class text CHECK (abc_class IN ('A', 'B', 'C'));
CREATE TABLE stock_class (                  -- a class that is not here is as it comes
  class            text PRIMARY KEY CHECK (class IN ('A', 'B', 'C')),
  count_every_days integer NOT NULL CHECK (count_every_days > 0),
  alarm_percent    integer NOT NULL CHECK (alarm_percent >= 0),
  changed_at       timestamptz NOT NULL,
  changed_by       text NOT NULL
);
