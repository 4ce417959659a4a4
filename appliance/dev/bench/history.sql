-- One room's long history for `safevoice dev bench --big`. Written past the feature's store on purpose: ten
-- million calls would take an hour, and nobody but a benchmark may do this. Ids rise with `:start`, as real
-- ones do with time.
INSERT INTO messages (room, seq, id, rev, author, device, client_id, at, content)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT :room, :head + i, printf('%026d', :start + i), :head + i,
       CASE i % 3 WHEN 0 THEN :one ELSE :other END, 'history', printf('history-%020d', :start + i),
       :at + i * 1000,
       CAST(printf('{"type":"text","text":"Message %d of a long talk about beans, bricks and the weather"}', i)
            AS BLOB)
FROM n;

DELETE FROM log_entries WHERE log = :room;

UPDATE logs SET head = :head + :count, floor = :head + :count WHERE log = :room;
