-- Clustered by place, because a page of a room is what is read most; the id has an index of its own.
CREATE TABLE messages (
    room       TEXT NOT NULL REFERENCES rooms (id),
    seq        INTEGER NOT NULL,
    id         TEXT NOT NULL UNIQUE,
    rev        INTEGER NOT NULL,
    author     TEXT NOT NULL REFERENCES accounts (id),
    device     TEXT NOT NULL,
    client_id  TEXT NOT NULL,
    at         INTEGER NOT NULL,
    content    BLOB,                   -- as received; null once deleted
    reply_to   TEXT NOT NULL DEFAULT '',
    edited_at  INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room, seq)
) WITHOUT ROWID;

-- A message stands where it was posted for ever, so it is its own row of its room's log; only its changes have
-- rows beside it. A log row of its own would be a quarter of what a message costs to write.
DROP VIEW log_rows;
CREATE VIEW log_rows AS
SELECT log, seq, kind, subject, actor, at FROM log_entries
UNION ALL
SELECT room, seq, 'message', id, author, at FROM messages;

-- High-water marks: everything in `room` up to `seq` was on a screen of `account`.
CREATE TABLE read_marks (
    room    TEXT NOT NULL REFERENCES rooms (id),
    account TEXT NOT NULL REFERENCES accounts (id),
    seq     INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) WITHOUT ROWID;
