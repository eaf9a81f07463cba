-- A replica of the version before does not mark what it writes. This version marks first, so that it finds nothing to do here.
CREATE FUNCTION mark_money_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales_order SET money_moved = true WHERE id = NEW.order_id AND NOT money_moved;
  RETURN NULL;
END $$;
CREATE TRIGGER money_moved AFTER INSERT ON refund FOR EACH ROW EXECUTE FUNCTION mark_money_moved();
CREATE TRIGGER money_moved AFTER INSERT ON refund_request FOR EACH ROW EXECUTE FUNCTION mark_money_moved();
CREATE TRIGGER money_moved AFTER INSERT ON capture FOR EACH ROW EXECUTE FUNCTION mark_money_moved();
CREATE TRIGGER money_moved AFTER INSERT ON money_watch FOR EACH ROW EXECUTE FUNCTION mark_money_moved();
