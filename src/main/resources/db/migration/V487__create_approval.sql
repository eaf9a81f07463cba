-- What a person asked for and a second one has to approve first.
CREATE TABLE approval (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action     text NOT NULL,            -- as the audit calls it: replay.start, order.refund
  object     text NOT NULL,            -- the replay or the order
  sentence   text NOT NULL,            -- what is asked for
  request    json,                     -- what is done once it is approved
  reason     text,
  asked_by   text NOT NULL,
  asked_at   timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state      text NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'DECLINED')),
  decided_by text,
  decided_at timestamptz,
  why        text,                     -- it was declined, or approved
  outcome    text                      -- what came of it
);
CREATE INDEX approval_open ON approval (id) WHERE state = 'OPEN';
CREATE INDEX approval_object ON approval (object);
