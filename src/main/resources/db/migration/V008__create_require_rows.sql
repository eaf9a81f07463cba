-- Ends a transaction whose claim was lost: the caller names how many rows its fences had to match.
CREATE FUNCTION require_rows(actual bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF actual <> expected THEN
    RAISE EXCEPTION 'fence lost: % of % rows', actual, expected USING ERRCODE = 'SR001';
  END IF;
END $$;
