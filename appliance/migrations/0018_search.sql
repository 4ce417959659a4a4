-- Which messages hold which words. `search_index` has no text of its own, only where each word stands; a
-- message's number there is its place, which rises with time, so the newest are found first.
CREATE TABLE search_state (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,          -- of folding; with another one all of it is made anew
    newest  TEXT NOT NULL,             -- messages with ids above are not in the index yet
    oldest  TEXT NOT NULL              -- nor are those with ids below; empty: there are none
);

-- Rooms and accounts under short numbers.
CREATE TABLE search_keys (
    number INTEGER PRIMARY KEY,
    id     TEXT NOT NULL UNIQUE
);

CREATE TABLE search_places (
    place INTEGER PRIMARY KEY,
    room  INTEGER NOT NULL,            -- search_keys
    seq   INTEGER NOT NULL,
    at    INTEGER NOT NULL
);
CREATE UNIQUE INDEX search_places_seq ON search_places (room, seq);

-- Its words are folded and cut before they come here, so this tokenizer has nothing to do but split at spaces.
CREATE VIRTUAL TABLE search_index USING fts5 (
    words, content = '', columnsize = 0, tokenize = "ascii tokenchars '_'"
);

-- Each word once, with an index of three letters each, for what is looked for inside of words.
CREATE TABLE search_words (
    number INTEGER PRIMARY KEY,
    word   TEXT NOT NULL UNIQUE
);
CREATE VIRTUAL TABLE search_parts USING fts5 (
    word, content = 'search_words', content_rowid = 'number', columnsize = 0, detail = none,
    tokenize = 'trigram case_sensitive 1'
);
