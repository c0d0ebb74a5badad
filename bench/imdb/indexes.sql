-- What schema.sql leaves for after the rows.

ALTER TABLE users ADD PRIMARY KEY (id);
ALTER TABLE persons ADD PRIMARY KEY (id);
ALTER TABLE movies ADD PRIMARY KEY (id);
ALTER TABLE directors ADD PRIMARY KEY (id);
ALTER TABLE actors ADD PRIMARY KEY (id);
ALTER TABLE reviews ADD PRIMARY KEY (id);

ALTER TABLE directors
    ADD FOREIGN KEY (person_id) REFERENCES persons ON DELETE CASCADE,
    ADD FOREIGN KEY (movie_id) REFERENCES movies ON DELETE CASCADE;
ALTER TABLE actors
    ADD FOREIGN KEY (person_id) REFERENCES persons ON DELETE CASCADE,
    ADD FOREIGN KEY (movie_id) REFERENCES movies ON DELETE CASCADE;
ALTER TABLE reviews
    ADD FOREIGN KEY (author_id) REFERENCES users ON DELETE CASCADE,
    ADD FOREIGN KEY (movie_id) REFERENCES movies ON DELETE CASCADE;

CREATE INDEX ON directors (person_id);
CREATE INDEX ON directors (movie_id);
CREATE INDEX ON actors (person_id);
CREATE INDEX ON actors (movie_id);
CREATE INDEX ON reviews (author_id);
CREATE INDEX ON reviews (movie_id);

-- New movies get ids behind those of the data.
SELECT setval(pg_get_serial_sequence('movies', 'id'), max(id)) FROM movies;
SELECT setval(pg_get_serial_sequence('directors', 'id'), max(id)) FROM directors;
SELECT setval(pg_get_serial_sequence('actors', 'id'), max(id)) FROM actors;

VACUUM ANALYZE;
CHECKPOINT;
