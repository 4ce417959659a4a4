-- What proves that somebody is who they say, beside the password in accounts.
CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    account    TEXT NOT NULL REFERENCES accounts (id),
    credential BLOB NOT NULL UNIQUE,   -- the authenticator's own id for it
    public_key BLOB NOT NULL,          -- COSE_Key (RFC 9052, 7)
    sign_count INTEGER NOT NULL,
    synced     INTEGER NOT NULL,       -- it may be on more than one device
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL        -- 0: never
) WITHOUT ROWID;
CREATE INDEX passkeys_account ON passkeys (account);

CREATE TABLE totp (
    account    TEXT PRIMARY KEY REFERENCES accounts (id),
    secret     TEXT NOT NULL,          -- base32; has to be readable, for codes are worked out from it
    last_step  INTEGER NOT NULL,       -- of the newest code that was used: none is good twice
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE recovery_codes (
    account    TEXT NOT NULL REFERENCES accounts (id),
    code       BLOB NOT NULL,          -- SHA-256; the row goes when it is used
    PRIMARY KEY (account, code)
) WITHOUT ROWID;

-- One for each account: a new one takes the place of the last.
CREATE TABLE reset_links (
    account    TEXT PRIMARY KEY REFERENCES accounts (id),
    code       BLOB NOT NULL UNIQUE,   -- SHA-256
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
