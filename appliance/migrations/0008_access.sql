-- An account elsewhere that opens one here (OpenID Connect).
CREATE TABLE identities (
    id         TEXT PRIMARY KEY,
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,          -- what the issuer calls the person; never their e-mail address
    account    TEXT NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    UNIQUE (issuer, subject)
) WITHOUT ROWID;
CREATE INDEX identities_account ON identities (account);

-- A ticket for a socket is good once; forgotten when it would be too old anyway.
CREATE TABLE used_tickets (
    ticket     TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX used_tickets_expiring ON used_tickets (expires_at);
