-- The audit is append only, and its chain has its own order: entries commit in another order than their ids were drawn.
ALTER TABLE audit_entry ADD COLUMN position bigint;
CREATE UNIQUE INDEX audit_entry_position ON audit_entry (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entry_unlinked ON audit_entry (id) WHERE position IS NULL;
CREATE INDEX audit_entry_object ON audit_entry (object, id);

CREATE FUNCTION audit_entry_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND OLD.hash IS NULL
     AND NEW.position IS NOT NULL AND NEW.hash IS NOT NULL
     AND (NEW.id, NEW.actor, NEW.action, NEW.object, NEW.reason, NEW.before::text, NEW.after::text, NEW.occurred_at)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.actor, OLD.action, OLD.object, OLD.reason, OLD.before::text, OLD.after::text, OLD.occurred_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The audit is append only: % refused.', TG_OP;
END $$;
CREATE TRIGGER audit_entry_keep_row BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_keep();
CREATE TRIGGER audit_entry_keep_table BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_keep();
