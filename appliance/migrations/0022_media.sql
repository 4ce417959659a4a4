-- Files that people uploaded. Each stands for one upload, and is shown by one message or, with an empty room, by
-- none yet. What is in it lies on the disk under its digest, once for all who uploaded the same.
CREATE TABLE media (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    digest  TEXT NOT NULL,               -- SHA-256, hex
    type    TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    room    TEXT NOT NULL DEFAULT '',
    seq     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX media_digest ON media (digest);
CREATE INDEX media_account ON media (account, id, bytes);
CREATE INDEX media_place ON media (room, seq);
CREATE INDEX media_unused ON media (at) WHERE room = '';
