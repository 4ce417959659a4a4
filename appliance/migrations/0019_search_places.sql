-- By time, since what is taken in stands side by side then: by room each message of a batch touched a page of its
-- own.
DROP INDEX search_places_seq;
CREATE UNIQUE INDEX search_places_at ON search_places (at, room, seq);
