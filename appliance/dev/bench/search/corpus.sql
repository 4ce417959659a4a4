-- What was said in a community, for `safevoice dev bench search`. Written past the feature's store on purpose,
-- as the long history of `safevoice dev bench` is: nobody but a benchmark may do this.
INSERT INTO messages (room, seq, id, rev, author, device, client_id, at, content)
VALUES (?1, ?2, ?3, ?2, ?4, 'corpus', ?3, ?5, ?6);

UPDATE logs SET head = ?2, floor = ?2 WHERE log = ?1;

DELETE FROM log_entries WHERE log = ?1;

-- As a database is that comes from a version without search.
DELETE FROM search_state;
