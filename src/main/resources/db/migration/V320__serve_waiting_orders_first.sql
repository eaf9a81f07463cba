-- Stock that came is offered first to those that wait for it: while this holds of an article, a new order stands behind them.
ALTER TABLE stock_level ADD COLUMN waited_for boolean NOT NULL DEFAULT false;
