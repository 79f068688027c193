-- A file of the raw data as version 4 of its tables left it.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'fyraften.work','m001_first_tables','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'fyraften.work','m002_choices','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'fyraften.work','m003_watched','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'fyraften.work','m004_private','2026-11-22 00:00:00.000000+00:00');
CREATE TABLE agreements (id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, body TEXT NOT NULL);
INSERT INTO "agreements" VALUES(1,1768300000,'{"absences": [], "agreement": {"weekly_hours": 37}, "jurisdiction": "DK", "parameters": {}}');
CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "choices" VALUES('source','counter',1768300000);
CREATE TABLE current_network (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fingerprint TEXT NOT NULL);
INSERT INTO "current_network" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE TABLE fingerprints (fingerprint TEXT PRIMARY KEY, place INTEGER REFERENCES places (id), seen_at INTEGER NOT NULL, asked_at INTEGER) WITHOUT ROWID;
INSERT INTO "fingerprints" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,1768300000,1768300000);
CREATE TABLE notices (key TEXT PRIMARY KEY, text TEXT NOT NULL, told_at INTEGER NOT NULL, shown INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "notices" VALUES('stop_by:2026-01-13','Stop by 20:00',1768300000,1);
CREATE TABLE observed (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, ended TEXT);
INSERT INTO "observed" VALUES(2,1768299940,1768307200,'shutdown');
CREATE TABLE pauses (start INTEGER NOT NULL, until INTEGER, ended INTEGER, private INTEGER NOT NULL DEFAULT 0);
INSERT INTO "pauses" VALUES(1768320000,NULL,NULL,0);
CREATE TABLE places (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, label TEXT, workstation TEXT NOT NULL, made_at INTEGER NOT NULL);
INSERT INTO "places" VALUES(1,'home','Flat','fixed',1768300000);
INSERT INTO "places" VALUES(2,'elsewhere',NULL,'fixed',1768314000);
CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, first_span INTEGER UNIQUE, measured_start INTEGER, measured_end INTEGER, fingerprint TEXT, zone TEXT NOT NULL, open INTEGER NOT NULL DEFAULT 0, start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER, removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER, watched INTEGER NOT NULL DEFAULT 0);
INSERT INTO "sessions" VALUES(1,1,1768300000,1768303600,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','Europe/Copenhagen',0,1768300600,NULL,NULL,NULL,NULL,0,'employee',1768308000,0);
INSERT INTO "sessions" VALUES(2,NULL,NULL,NULL,NULL,'Europe/Oslo',0,1768310000,1768313600,2,'mobile',1,0,'employee',1768314000,0);
CREATE TABLE spans (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, active_minutes INTEGER NOT NULL);
INSERT INTO "spans" VALUES(1,1768300000,1768303600,50);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX spans_end ON spans (end);
CREATE INDEX observed_end ON observed (end);
CREATE INDEX sessions_end ON sessions (coalesce(end, measured_end));
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('places',2);
INSERT INTO "sqlite_sequence" VALUES('sessions',2);
COMMIT;
