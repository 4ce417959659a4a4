-- What was done to people and rooms by those who may. Rows are only ever added.
CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,             -- an account, or empty for the server itself
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,             -- the account, room, message or link that it was done to
    room    TEXT NOT NULL,             -- the room that it happened in, or empty
    detail  TEXT NOT NULL              -- a few words more, such as a reason
) WITHOUT ROWID;
CREATE INDEX audit_subject ON audit (subject, id);

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
