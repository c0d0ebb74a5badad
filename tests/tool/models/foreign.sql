-- A schema as others make them: names with blanks and keywords, two foreign keys to one table, links with and without keys
-- of their own, a key that is shared, a foreign key of two columns, columns that may be NULL, a view, columns of no declared
-- type, relations named like tables, and names that end lines. <U+202E> stands for that character.
CREATE TABLE "Order Details" ("Order ID" INTEGER NOT NULL REFERENCES "class", "line no." INTEGER NOT NULL, "price" DECIMAL(10, 2),
    "half__way" TEXT, PRIMARY KEY ("Order ID", "line no."));
CREATE TABLE "class" ("id" INTEGER PRIMARY KEY, "default" TEXT NOT NULL UNIQUE, "2nd" REAL, "made" DATETIME, "raw" BLOB,
    "full" TEXT GENERATED ALWAYS AS ("default" || '!'));
CREATE TABLE "flight" ("id" INTEGER PRIMARY KEY, "number" VARCHAR(8) NOT NULL, "from_id" TEXT NOT NULL REFERENCES "airport"("code"),
    "to_id" TEXT REFERENCES "airport"("code"), "day" DATE, "full" BOOLEAN NOT NULL DEFAULT 0, "table" INTEGER);
CREATE TABLE "airport" ("code" CHAR(3) PRIMARY KEY NOT NULL, "Größe" INTEGER);
CREATE TABLE "crew" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL, "boss" INTEGER REFERENCES "crew"("id"));
CREATE TABLE "crew_flights" ("crew_id" INTEGER NOT NULL REFERENCES "crew"("id"), "flight_no" INTEGER NOT NULL REFERENCES "flight"("id"),
    PRIMARY KEY ("crew_id", "flight_no")) WITHOUT ROWID;
CREATE TABLE "friendship" ("id" INTEGER PRIMARY KEY, "a" INTEGER NOT NULL REFERENCES "crew"("id"),
    "b" INTEGER NOT NULL REFERENCES "crew"("id"));
CREATE TABLE "licence" ("crew_id" INTEGER PRIMARY KEY REFERENCES "crew"("id"), "grade" TEXT);
CREATE TABLE "unkeyed" ("x", "class_id" INTEGER REFERENCES "class"("id"));
CREATE TABLE "seat" ("row" INTEGER NOT NULL, "place" TEXT NOT NULL, PRIMARY KEY ("row", "place"));
CREATE TABLE "booking" ("id" INTEGER PRIMARY KEY, "place" TEXT, "row no" INTEGER,
    FOREIGN KEY ("place", "row no") REFERENCES "seat"("place", "row"));
CREATE TABLE "Artist" ("Id" INTEGER PRIMARY KEY, "Name" TEXT NOT NULL);
CREATE TABLE "Album" ("Id" INTEGER PRIMARY KEY, "Artist" INTEGER NOT NULL REFERENCES "Artist"("Id"), "Title" TEXT UNIQUE);
CREATE TABLE "Liner Notes" ("Album" INTEGER NOT NULL UNIQUE REFERENCES "Album"("Id"), "??/" TEXT, "back\" TEXT, "<U+202E>" TEXT,
    "gone" INTEGER REFERENCES "nowhere\", "EOF" INTEGER, PRIMARY KEY ("Album"));
CREATE VIEW "departures" AS SELECT "number", "from_id" FROM "flight";

INSERT INTO "class" ("id", "default", "2nd", "made") VALUES (1, 'first', 0.5, '2024-02-29 12:30:00'), (2, 'second', NULL, NULL);
INSERT INTO "Order Details" VALUES (1, 1, '9.90', 'x'), (1, 2, NULL, NULL), (2, 1, '5', NULL);
INSERT INTO "airport" VALUES ('WUH', 3), ('CAN', NULL);
INSERT INTO "flight" VALUES (1, 'KI 1', 'WUH', 'CAN', '2024-03-01', 1, 7), (2, 'KI 2', 'CAN', NULL, NULL, 0, NULL);
INSERT INTO "crew" VALUES (1, 'Zhang', NULL), (2, 'Li', 1), (3, 'Wang', 1);
INSERT INTO "crew_flights" VALUES (1, 1), (2, 1), (2, 2);
INSERT INTO "friendship" VALUES (1, 1, 2), (2, 1, 3);
INSERT INTO "licence" VALUES (1, 'captain');
INSERT INTO "seat" VALUES (1, 'A'), (1, 'B');
INSERT INTO "booking" VALUES (1, 'B', 1), (2, NULL, 1), (3, 'B', 1);
INSERT INTO "Artist" VALUES (1, 'Cui Jian');
INSERT INTO "Album" VALUES (1, 1, 'Rock'), (2, 1, 'Eggs');
INSERT INTO "Liner Notes" VALUES (2, 'question', 'slash', 'turned', 9, 7);
INSERT INTO "unkeyed" VALUES (1, 2), (2, NULL);
