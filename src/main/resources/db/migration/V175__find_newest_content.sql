-- What is known by its bytes alone is told again when it is what was told last: equal to something older it is news.
-- Neither index has a row of an order.
CREATE INDEX inbox_message_listing ON inbox_message (lane, (id + 0)) WHERE document = 'listing';
CREATE INDEX inbox_message_batch ON inbox_message (account, (id + 0)) WHERE document = 'batch';
