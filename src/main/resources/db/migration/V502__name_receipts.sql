-- What a receipt calls the return that it is of: the return that it was counted to may turn out to be another.
ALTER TABLE return_receipt ADD COLUMN return_name text;
