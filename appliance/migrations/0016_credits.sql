-- Who was given how much, and took it from whom. Rows are only ever added; what somebody has is their sum.
CREATE TABLE credit_entries (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id),
    amount  INTEGER NOT NULL CHECK (amount <> 0),
    kind    TEXT NOT NULL,             -- 'start', 'grant', 'gift'
    other   TEXT NOT NULL,             -- the account on the other side, or empty
    message TEXT NOT NULL,             -- the message that it was given for, or empty
    note    TEXT NOT NULL,
    at      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX credit_entries_account ON credit_entries (account, id, amount);
CREATE INDEX credit_entries_message ON credit_entries (message) WHERE message <> '';
CREATE UNIQUE INDEX credit_entries_start ON credit_entries (account) WHERE kind = 'start';

CREATE TRIGGER credit_entries_stay BEFORE UPDATE ON credit_entries
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER credit_entries_remain BEFORE DELETE ON credit_entries
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
