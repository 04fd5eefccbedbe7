//! The workspace's tables.

use crate::store::{BODIES, search_index};

/// Only ever grows at its end (see [`crate::store::Store::open`]).
pub(super) const MIGRATIONS: &[&str] = &[
    // Tokens are kept as hashes: who reads the database cannot sign in with them.
    "CREATE TABLE sign_in_links (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE sessions (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    DOCUMENTS,
    BODIES,
    RUNS,
    // What is needed to try it again stands beside it.
    "CREATE TABLE failed_deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        action TEXT NOT NULL,
        runbook TEXT NOT NULL,
        error TEXT NOT NULL,
        ticket TEXT NOT NULL,
        taken TEXT NOT NULL,
        UNIQUE (event_id, runbook)
     ) STRICT;
     ALTER TABLE installations ADD COLUMN shards INTEGER NOT NULL DEFAULT 1",
    RUNS_BY_NUMBER,
    RUNS_SEARCH,
    EVENT_FAILURES,
    super::event_log::TABLE,
    super::event_log::CAUSES,
    super::workflow::TABLES,
    super::schedule::marks::TABLES,
    super::failed_delivery::CAUSES,
    super::spread_failures::TABLES,
    super::event_log::RUNBOOKS,
    REPLAYS,
];

const DOCUMENTS: &str = "
    -- Integrations, methods (their parent is an integration), runbooks, desk actions, event triggers and schedules,
    -- without secrets. A deleted one stays for a while, so that it can be restored.
    CREATE TABLE documents (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        parent TEXT,
        position INTEGER NOT NULL,
        version INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX documents_in_order ON documents (kind, parent, position);
    -- `owner` is `kind/id`.
    CREATE TABLE secrets (
        owner TEXT NOT NULL,
        place TEXT NOT NULL,
        sealed TEXT NOT NULL,
        PRIMARY KEY (owner, place)
    ) STRICT, WITHOUT ROWID;
    -- All versions that were ever published; their plans are bodies.
    CREATE TABLE versions (
        runbook TEXT NOT NULL,
        version INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        PRIMARY KEY (runbook, version)
    ) STRICT, WITHOUT ROWID;
    -- Which of them counts; none where it is not published.
    CREATE TABLE publications (
        runbook TEXT PRIMARY KEY,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- What its Runner must be told: where `delivered` lags behind `revision`, that is yet to happen.
    CREATE TABLE installations (
        runbook TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        delivered INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        act TEXT NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL
    ) STRICT;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

const RUNS: &str = "
    CREATE TABLE runs (
        run_id TEXT PRIMARY KEY,
        runbook TEXT NOT NULL,
        status TEXT NOT NULL,
        ticket INTEGER,
        started_at INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        summary TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX runs_by_age ON runs (started_at, run_id);
    CREATE INDEX runs_of_runbook ON runs (runbook, started_at, run_id);
    CREATE INDEX runs_by_status ON runs (status, started_at, run_id);
    CREATE INDEX runs_of_ticket ON runs (ticket, started_at, run_id) WHERE ticket IS NOT NULL;
    -- Events of the desk that were dealt with: they may come again.
    CREATE TABLE desk_events (event_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;";

/// The newest first, searched and counted: by a number that grows with the time of the start.
const RUNS_BY_NUMBER: &str = "
    CREATE TABLE earlier_runs AS SELECT * FROM runs;
    DROP TABLE runs;
    CREATE TABLE runs (
        -- A thousand times the time of its start, and which it is of those that started in that millisecond.
        id INTEGER PRIMARY KEY,
        run_id TEXT NOT NULL UNIQUE,
        runbook TEXT NOT NULL,
        status TEXT NOT NULL,
        ticket INTEGER,
        sequence INTEGER NOT NULL,
        -- In milliseconds, where it has ended by itself.
        took INTEGER,
        summary TEXT NOT NULL,
        -- What may be read of its variables, in lower case.
        searched TEXT
    ) STRICT;
    INSERT INTO runs (id, run_id, runbook, status, ticket, sequence, took, summary)
        SELECT started_at * 1000 + ROW_NUMBER() OVER (PARTITION BY started_at ORDER BY run_id) - 1,
            run_id, runbook, status, ticket, sequence,
            CASE WHEN status IN ('succeeded', 'failed')
                THEN max(json_extract(summary, '$.ended_at') - started_at, 0) END,
            summary
        FROM earlier_runs;
    DROP TABLE earlier_runs;
    -- Statistics need nothing but this index.
    CREATE INDEX runs_of_runbook ON runs (runbook, id, status, took);
    CREATE INDEX runs_by_status ON runs (status, id);
    CREATE INDEX runs_of_runbook_by_status ON runs (runbook, status, id);
    CREATE INDEX runs_of_ticket ON runs (ticket, id) WHERE ticket IS NOT NULL;";

/// Events come to nothing as actions do. What is needed to try one again may be larger than a row: it is a body,
/// `failed-delivery/{id}`.
const EVENT_FAILURES: &str = "
    CREATE TABLE earlier_failed_deliveries AS SELECT * FROM failed_deliveries;
    DROP TABLE failed_deliveries;
    CREATE TABLE failed_deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        event_id TEXT NOT NULL,
        -- The name of the action; else the id of the trigger.
        action TEXT NOT NULL DEFAULT '',
        trigger_id TEXT NOT NULL DEFAULT '',
        -- The trigger's, and the record that it happened to.
        event TEXT NOT NULL DEFAULT '',
        record INTEGER NOT NULL,
        runbook TEXT NOT NULL,
        error TEXT NOT NULL,
        UNIQUE (event_id, runbook, trigger_id)
    ) STRICT;
    -- What fills a row by itself is left behind, so that its body surely fits one.
    INSERT INTO failed_deliveries (id, at, event_id, action, record, runbook, error)
        SELECT id, at, event_id, action, coalesce(json_extract(ticket, '$.id'), 0), runbook, error FROM earlier_failed_deliveries
        WHERE length(ticket) + length(taken) < 900000;
    INSERT INTO bodies (owner, piece, bytes)
        SELECT 'failed-delivery/' || id, 0, CAST(json_object('type', 'action_added', 'event_id', event_id,
            'ticket', json(ticket), 'action', json(taken), 'source', 'person') AS BLOB)
        FROM earlier_failed_deliveries WHERE id IN (SELECT id FROM failed_deliveries);
    DROP TABLE earlier_failed_deliveries;";

/// Which run each does again, so that the way leads from that one to its replays, too.
const REPLAYS: &str = "
    ALTER TABLE runs ADD COLUMN replay_of TEXT;
    UPDATE runs SET replay_of = json_extract(summary, '$.started_by.run_id')
        WHERE json_extract(summary, '$.started_by.type') = 'replay';
    CREATE INDEX runs_by_replayed ON runs (replay_of, id) WHERE replay_of IS NOT NULL;";

const RUNS_SEARCH: &str = search_index!("runs");
