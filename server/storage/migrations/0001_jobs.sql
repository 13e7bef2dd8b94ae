-- Documents are stored once, however many jobs of a sweep run them.
CREATE TABLE documents (
    digest TEXT PRIMARY KEY,
    content TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE jobs (
    number INTEGER PRIMARY KEY,             -- the order in which they were accepted
    id TEXT NOT NULL UNIQUE,
    group_id TEXT NOT NULL,
    title TEXT NOT NULL,
    words TEXT NOT NULL,                    -- title and prompts, case folded: what a search looks through
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    priority INTEGER NOT NULL,
    place REAL NOT NULL,                    -- among jobs of one priority the lowest runs first
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    document TEXT NOT NULL REFERENCES documents (digest),
    inputs TEXT NOT NULL,                   -- JSON
    wanted TEXT NOT NULL,                   -- JSON: outputs asked for, or null
    done REAL NOT NULL DEFAULT 0,
    total REAL NOT NULL DEFAULT 0,
    outputs TEXT NOT NULL DEFAULT '{}',     -- JSON
    errors TEXT NOT NULL DEFAULT '[]',      -- JSON: of all attempts, oldest first
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0      -- how many engines ended while they ran it
);
CREATE INDEX jobs_in_line ON jobs (state, priority DESC, place, number);
CREATE INDEX jobs_by_group ON jobs (group_id);
CREATE INDEX jobs_by_document ON jobs (document);

-- Files that a job reads or made: what a clean-up must keep.
CREATE TABLE job_files (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    PRIMARY KEY (job, digest)
) WITHOUT ROWID;
CREATE INDEX job_files_by_digest ON job_files (digest);

-- Compressed JSON: calls with their keys, and what each node cost.
CREATE TABLE reports (
    job INTEGER PRIMARY KEY REFERENCES jobs (number) ON DELETE CASCADE,
    content BLOB NOT NULL
);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
