-- Times are microseconds since the Unix epoch, in UTC. Ids are UUIDs as 16 bytes.
-- Contents and documents are packed (gateway/src/store/seal.rs), and nothing outside them tells
-- of a person.

CREATE TABLE webhooks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    plugin TEXT NOT NULL,
    dedupe_key BLOB NOT NULL UNIQUE,
    event_type TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'ignored', 'quarantined')),
    reason TEXT,
    message_id TEXT,
    secret_index INTEGER NOT NULL,
    received_at BIGINT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX webhooks_by_plugin ON webhooks (plugin, seq);
CREATE INDEX webhooks_quarantined ON webhooks (plugin, seq) WHERE outcome = 'quarantined';

CREATE TABLE orders (
    seq INTEGER PRIMARY KEY NOT NULL,
    id BLOB NOT NULL UNIQUE,
    plugin TEXT NOT NULL,
    provider_order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    updated_at BIGINT,
    version BIGINT NOT NULL,
    document BLOB NOT NULL
);
CREATE INDEX orders_by_provider_order_id ON orders (provider_order_id);
CREATE INDEX orders_by_updated_at ON orders (updated_at);

CREATE TABLE appointments (
    seq INTEGER PRIMARY KEY NOT NULL,
    id BLOB NOT NULL UNIQUE,
    plugin TEXT NOT NULL,
    order_id BLOB NOT NULL,
    provider_appointment_id TEXT NOT NULL,
    status TEXT NOT NULL,
    starts_at BIGINT,
    updated_at BIGINT,
    version BIGINT NOT NULL,
    document BLOB NOT NULL
);
CREATE INDEX appointments_by_order ON appointments (order_id);

-- Documents are appended and never changed. A row is superseded when its webhook was read again
-- and says something else now.
CREATE TABLE reports (
    seq INTEGER PRIMARY KEY NOT NULL,
    id BLOB NOT NULL UNIQUE,
    plugin TEXT NOT NULL,
    order_id BLOB NOT NULL,
    webhook_id BLOB NOT NULL,
    reported_at BIGINT NOT NULL,
    superseded_at BIGINT,
    document BLOB NOT NULL
);
CREATE INDEX reports_by_order ON reports (order_id);
CREATE INDEX reports_by_webhook ON reports (webhook_id);

-- The feed. Its numbers are taken from `feed`, in the order of commits and without a gap.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY NOT NULL,
    id BLOB NOT NULL,
    event_type TEXT NOT NULL,
    plugin TEXT NOT NULL,
    order_id BLOB NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    data BLOB NOT NULL
);

-- One row: the last number given out. Whoever adds events holds it until the commit, so that no
-- number becomes visible before a lower one.
CREATE TABLE feed (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    last_seq BIGINT NOT NULL
);
INSERT INTO feed (id, last_seq) VALUES (1, 0);

CREATE TABLE tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    plugin TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    reference TEXT NOT NULL,
    provider_order_id TEXT NOT NULL,
    webhook_id BLOB NOT NULL,
    due_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    leased_by TEXT,
    leased_until BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (webhook_id, kind, subject, reference, provider_order_id)
);
CREATE INDEX tasks_by_due_at ON tasks (due_at);

-- What packed rows were compressed with. A row names its dictionary, so none is ever removed.
CREATE TABLE dictionaries (
    id BIGINT PRIMARY KEY NOT NULL,
    content BLOB NOT NULL
);
