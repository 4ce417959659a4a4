CREATE TABLE reports (
    id          TEXT PRIMARY KEY,
    reporter    TEXT NOT NULL REFERENCES accounts (id),
    person      TEXT NOT NULL REFERENCES accounts (id),  -- whom it is about
    room        TEXT NOT NULL,                           -- where, or empty
    message     TEXT NOT NULL,                           -- which, or empty
    evidence    BLOB,                  -- the content as it was reported; erased once the report is resolved
    reason      TEXT NOT NULL,
    note        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    resolved_at INTEGER NOT NULL DEFAULT 0,
    resolver    TEXT NOT NULL DEFAULT '',
    outcome     TEXT NOT NULL DEFAULT '',
    resolution  TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX reports_open ON reports (id) WHERE resolved_at = 0;
CREATE INDEX reports_person ON reports (person);
CREATE UNIQUE INDEX reports_once ON reports (reporter, person, message) WHERE resolved_at = 0;
