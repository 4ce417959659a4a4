-- A call between the two people of a direct message. What stays of it for good is its entry among the messages.
CREATE TABLE calls (
    id            TEXT PRIMARY KEY,
    room          TEXT NOT NULL REFERENCES rooms (id),
    caller        TEXT NOT NULL REFERENCES accounts (id),
    callee        TEXT NOT NULL REFERENCES accounts (id),
    video         INTEGER NOT NULL,
    hidden        INTEGER NOT NULL,              -- the callee blocked the caller, and hears nothing of it
    state         TEXT NOT NULL,
    outcome       TEXT NOT NULL DEFAULT '',
    caller_seat   TEXT NOT NULL,                 -- which page is in it, and on which device
    caller_device TEXT NOT NULL,
    callee_seat   TEXT NOT NULL DEFAULT '',
    callee_device TEXT NOT NULL DEFAULT '',
    began_at      INTEGER NOT NULL,
    answered_at   INTEGER NOT NULL DEFAULT 0,
    seen_at       INTEGER NOT NULL DEFAULT 0,    -- when both pages were last here together
    ended_at      INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Nobody is in two calls at once; what somebody is not to hear of does not keep them from others.
CREATE UNIQUE INDEX calls_of_caller ON calls (caller) WHERE state <> 'ended';
CREATE UNIQUE INDEX calls_of_callee ON calls (callee) WHERE state <> 'ended' AND hidden = 0;
CREATE INDEX calls_ended ON calls (ended_at) WHERE state = 'ended';
