-- What was compared with the books of an account, and what stands there otherwise than here.
CREATE TABLE reconcile_run (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account      text NOT NULL,
  since        timestamptz NOT NULL,          -- orders placed from here on
  until        timestamptz NOT NULL,
  actor        text,                          -- null = the hub, at night
  night        date,
  state        text NOT NULL CHECK (state IN ('PLANNED', 'RUNNING', 'DONE', 'FAILED')),
  compared     integer NOT NULL DEFAULT 0,    -- things that were looked at on both sides
  found        integer NOT NULL DEFAULT 0,
  fixed        integer NOT NULL DEFAULT 0,    -- findings of before that were gone
  failure      text,                          -- what could not be compared, and why
  created_at   timestamptz NOT NULL,
  started_at   timestamptz,
  finished_at  timestamptz,
  lease_until  timestamptz,
  fence        bigint NOT NULL DEFAULT 0      -- every write of a claim names it
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX reconcile_run_night ON reconcile_run (account, night) WHERE night IS NOT NULL;
CREATE INDEX reconcile_run_open ON reconcile_run (id) WHERE state IN ('PLANNED', 'RUNNING');

-- One thing that stands otherwise there than here: one row, however many runs see it.
CREATE TABLE finding (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account       text NOT NULL,
  kind          text NOT NULL,
  thing         text NOT NULL,                -- what it is about, as both sides know it
  order_id      uuid,
  ours          text,                         -- null = not here
  theirs        text,                         -- null = not there
  sentence      text NOT NULL,
  remedy        text CHECK (remedy IN ('REPLAY', 'PULL', 'WRITE_BACK')),   -- null = a person has to decide
  target        text,                         -- what the remedy is done to
  about_at      timestamptz,                  -- when the thing began: the next run looks back as far
  state         text NOT NULL CHECK (state IN ('OPEN', 'FIXED', 'ACCEPTED')),
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  seen_count    integer NOT NULL DEFAULT 1,
  run_id        bigint NOT NULL,              -- the last that saw it
  remedied_at   timestamptz,
  remedied_by   text,
  closed_at     timestamptz,
  closed_by     text,                         -- null = a run that did not see it any more
  note          text,                         -- why it was accepted
  UNIQUE (account, kind, thing)
) WITH (fillfactor = 80);
CREATE INDEX finding_open ON finding (id) WHERE state = 'OPEN';
