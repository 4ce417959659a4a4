-- Who listened to which voice messages of others.
CREATE TABLE listened (
    room    TEXT NOT NULL REFERENCES rooms (id),
    seq     INTEGER NOT NULL,
    account TEXT NOT NULL REFERENCES accounts (id),
    at      INTEGER NOT NULL,
    PRIMARY KEY (room, seq, account)
) WITHOUT ROWID;
CREATE INDEX listened_newest ON listened (account, at);
