-- Uploads and outputs. The same content may stand here once as each.
CREATE TABLE files (
    number INTEGER PRIMARY KEY AUTOINCREMENT,   -- newest last
    digest TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('output', 'upload')),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    created REAL NOT NULL,
    job TEXT,
    UNIQUE (digest, kind)
);
