-- Lists and reports: an index for each way of looking at what has been.

-- Sessions by when they began; by zone, by who made them, by how they ended.
CREATE INDEX sessions_by_time ON sessions (created_at);
CREATE INDEX sessions_by_zone ON sessions (zone, created_at);
CREATE INDEX sessions_by_user ON sessions (created_by, created_at) WHERE created_by IS NOT NULL;
CREATE INDEX sessions_closed ON sessions (status, created_at) WHERE is_open = 0;
-- Who came and left when.
CREATE INDEX sessions_by_entry ON sessions (entry_time) WHERE entry_time IS NOT NULL;
CREATE INDEX sessions_by_exit ON sessions (exit_time) WHERE exit_time IS NOT NULL;

-- Payments by when they were asked for, with what they are told apart by; what came, and when.
CREATE INDEX payments_by_time ON payments (created_at, method, provider, status);
CREATE INDEX payments_paid ON payments (paid_at, amount_paise) WHERE paid_at IS NOT NULL;
CREATE INDEX refunds_by_time ON refunds (created_at, status);
CREATE INDEX refunds_ended ON refunds (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX scans_by_time ON scans (received_at);
CREATE INDEX alerts_by_time ON alerts (raised_at);
