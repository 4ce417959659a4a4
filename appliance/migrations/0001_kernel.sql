-- Every lasting change stands in a log: a room's, or an account's own. A row points to what changed.
CREATE TABLE logs (
    log   TEXT PRIMARY KEY,
    head  INTEGER NOT NULL DEFAULT 0,  -- seq of the newest row
    floor INTEGER NOT NULL DEFAULT 0   -- rows up to here are no longer kept
) WITHOUT ROWID;

CREATE TABLE log_entries (
    log     TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (log, seq)
) WITHOUT ROWID;

-- All rows of all logs. Something that never leaves the place it was first given is its own row there: the
-- table that holds it joins this view, and nothing is written twice.
CREATE VIEW log_rows AS SELECT log, seq, kind, subject, actor, at FROM log_entries;

-- A command counts once: the first answer is kept under the id that the client minted.
CREATE TABLE commands (
    device    TEXT NOT NULL,
    client_id TEXT NOT NULL,
    digest    BLOB NOT NULL,
    subject   TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    expires   INTEGER,                 -- null: as long as its subject lives
    -- Clients mint ids that rise with time, so this order lets what many devices send at once land on one page.
    PRIMARY KEY (client_id, device)
) WITHOUT ROWID;
CREATE INDEX commands_expiring ON commands (expires) WHERE expires IS NOT NULL;

CREATE TABLE jobs (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL,
    key      TEXT UNIQUE,              -- at most one job a key
    payload  TEXT NOT NULL,
    due      INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error    TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (due);
