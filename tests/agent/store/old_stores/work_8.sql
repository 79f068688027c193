-- A file of the raw data as version 8 of its tables left it.
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
INSERT INTO "_sqlite_migrations" VALUES(5,'fyraften.work','m005_docked','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'fyraften.work','m006_corrections','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'fyraften.work','m007_small','2026-11-22 00:00:00.000000+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'fyraften.work','m008_answers','2026-11-22 00:00:00.000000+00:00');
CREATE TABLE agreements (id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, body TEXT NOT NULL);
INSERT INTO "agreements" VALUES(1,1768300000,'{"absences": [], "agreement": {"weekly_hours": 37}, "jurisdiction": "DK", "parameters": {}}');
CREATE TABLE answers (id INTEGER PRIMARY KEY, question TEXT NOT NULL, period TEXT NOT NULL DEFAULT '', value TEXT NOT NULL, answered_on TEXT NOT NULL, answered_at INTEGER NOT NULL, kept_longer INTEGER NOT NULL DEFAULT 0, UNIQUE (question, period));
INSERT INTO "answers" VALUES(1,'eye_test.last','','2026-01-12','2026-01-13',1768300000,94867200);
CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "choices" VALUES('source','counter',1768300000);
CREATE TABLE corrections (id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, at INTEGER NOT NULL, by TEXT NOT NULL, was_there INTEGER NOT NULL, start INTEGER, end INTEGER, place INTEGER, workstation TEXT, confirmed INTEGER, removed INTEGER, before_by TEXT, before_at INTEGER);
INSERT INTO "corrections" VALUES(1,1,1768308000,'employee',1,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "corrections" VALUES(2,2,1768314000,'employee',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE current_network (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fingerprint TEXT NOT NULL);
INSERT INTO "current_network" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE TABLE fingerprints (fingerprint TEXT PRIMARY KEY, place INTEGER REFERENCES places (id), seen_at INTEGER NOT NULL, asked_at INTEGER) WITHOUT ROWID;
INSERT INTO "fingerprints" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,1768300000,1768300000);
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "names" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO "names" VALUES(2,'Europe/Copenhagen');
INSERT INTO "names" VALUES(3,'Europe/Oslo');
CREATE TABLE notices (key TEXT PRIMARY KEY, text TEXT NOT NULL, told_at INTEGER NOT NULL, shown INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "notices" VALUES('stop_by:2026-01-13','Stop by 20:00',1768300000,1);
CREATE TABLE observed (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, ended TEXT);
INSERT INTO "observed" VALUES(2,1768299940,1768307200,'shutdown');
CREATE TABLE pauses (start INTEGER NOT NULL, until INTEGER, ended INTEGER, private INTEGER NOT NULL DEFAULT 0);
INSERT INTO "pauses" VALUES(1768320000,NULL,NULL,0);
CREATE TABLE places (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, label TEXT, workstation TEXT NOT NULL, made_at INTEGER NOT NULL);
INSERT INTO "places" VALUES(1,'home','Flat','fixed',1768300000);
INSERT INTO "places" VALUES(2,'elsewhere',NULL,'fixed',1768314000);
CREATE TABLE "sessions" (id INTEGER PRIMARY KEY AUTOINCREMENT, first_span INTEGER, measured_start INTEGER, measured_end INTEGER, fingerprint INTEGER, zone INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 0, start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER, removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER, watched INTEGER NOT NULL DEFAULT 0, docked INTEGER NOT NULL DEFAULT 0, origin TEXT);
INSERT INTO "sessions" VALUES(1,1,1768300000,1768303600,1,2,0,1768300600,NULL,NULL,NULL,NULL,0,'employee',1768308000,0,1,NULL);
INSERT INTO "sessions" VALUES(2,NULL,NULL,NULL,NULL,3,0,1768310000,1768313600,2,'mobile',1,0,'employee',1768314000,0,0,'added:177b4dc914c0d0f4');
CREATE TABLE spans (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, active_minutes INTEGER NOT NULL);
INSERT INTO "spans" VALUES(1,1768300000,1768303600,50);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX corrections_session ON corrections (session);
CREATE UNIQUE INDEX sessions_open ON sessions (first_span) WHERE open;
CREATE UNIQUE INDEX sessions_origin ON sessions (origin) WHERE origin IS NOT NULL;
CREATE TRIGGER session_corrected AFTER UPDATE OF changed_at ON sessions WHEN new.changed_at IS NOT NULL BEGIN INSERT INTO corrections (session, at, by, was_there, start, end, place, workstation, confirmed, removed, before_by, before_at) VALUES (old.id, new.changed_at, new.changed_by, 1, old.start, old.end, old.place, old.workstation, old.confirmed, old.removed, old.changed_by, old.changed_at); END;
CREATE TRIGGER session_added AFTER INSERT ON sessions WHEN new.measured_start IS NULL BEGIN UPDATE sessions SET origin = 'added:' || lower(hex(randomblob(8))) WHERE id = new.id AND origin IS NULL; INSERT INTO corrections (session, at, by, was_there) VALUES (new.id, new.changed_at, new.changed_by, 0); END;
CREATE VIEW whole_sessions AS SELECT s.id, s.first_span, s.measured_start, s.measured_end, n.name AS fingerprint, z.name AS zone, s.open, s.start, s.end, s.place, s.workstation, s.confirmed, s.removed, s.changed_by, s.changed_at, s.watched, s.docked, s.origin FROM sessions s JOIN names z ON z.id = s.zone LEFT JOIN names n ON n.id = s.fingerprint;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('places',2);
INSERT INTO "sqlite_sequence" VALUES('sessions',2);
COMMIT;
PRAGMA user_version = 8;
