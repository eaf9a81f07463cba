-- What the books had and what was counted instead: who refuses a count has the difference taken back.
ALTER TABLE stock_case ADD COLUMN expected integer;
ALTER TABLE stock_case ADD COLUMN counted integer;
