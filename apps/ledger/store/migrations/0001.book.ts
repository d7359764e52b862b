/**
 * The book's tables. A transaction's time (`at`) is the time in its id, a UUID of version 7, so that months can be told by
 * the id alone: `transactions` is partitioned by ranges of ids that are months in Vietnam. What a report needs is counted as
 * the rows are written, in the same SQL transaction: the rollups. `outcome` and `final` of a command that is under way are
 * `accepted` and false.
 */
export const book = `
create table applied (
  -- One row: which stream is applied, and how far.
  only_one boolean primary key default true check (only_one),
  stream_created_at text not null,
  sequence bigint not null
);

create table transactions (
  id uuid not null,
  at timestamptz(3) not null,
  environment text not null,
  client text not null,
  agency text,
  officer text,
  dossier text,
  linked_dossier text,
  procedure text,
  system text not null,
  operation text not null,
  version text not null,
  kind text not null,
  mode text not null,
  idempotency text,
  deadline timestamptz(3),
  outcome text not null,
  final boolean not null,
  code text,
  sent_at timestamptz(3),
  returned_at timestamptz(3),
  answered_at timestamptz(3),
  upstream_ms integer,
  attempts integer,
  request_bytes integer not null,
  answer_bytes integer,
  -- Of a command, until its outcome is final: what a further record of it needs. All else that proves is in the stream alone.
  salt text,
  request_hash text,
  trace text not null,
  -- Who recorded it, and the stream positions of its first and its newest record.
  recorder text not null,
  first_sequence bigint not null,
  last_sequence bigint not null,
  -- Those of its records in between, which only some commands have: a receipt shows all of them.
  between_sequences bigint[],
  primary key (id)
) partition by range (id);

create index transactions_dossier on transactions (dossier, id) where dossier is not null;
create index transactions_linked_dossier on transactions (linked_dossier, id) where linked_dossier is not null;
create index transactions_open on transactions (id) where not final;

-- The partitions: transactions_2026_11 holds November 2026.
create table months (
  month date primary key,
  changed_at timestamptz(3) not null
);

-- Counts by hour, day and month of Vietnam; room is left in them, since they are changed all the time. The month has every dimension; hours and days leave out agency and procedure,
-- which would make almost as many rows as there are transactions.
create table rollup_hour (
  hour timestamptz not null,
  environment text not null,
  system text not null,
  operation text not null,
  client text not null,
  outcome text not null,
  final boolean not null,
  count bigint not null,
  primary key (hour, environment, system, operation, client, outcome, final)
) with (fillfactor = 70);
create table rollup_day (
  day date not null,
  environment text not null,
  system text not null,
  operation text not null,
  client text not null,
  outcome text not null,
  final boolean not null,
  count bigint not null,
  primary key (day, environment, system, operation, client, outcome, final)
) with (fillfactor = 70);
create table rollup_month (
  month date not null,
  environment text not null,
  system text not null,
  operation text not null,
  client text not null,
  agency text not null, -- '' where there is none
  procedure text not null,
  outcome text not null,
  final boolean not null,
  count bigint not null,
  primary key (month, environment, system, operation, client, agency, procedure, outcome, final)
) with (fillfactor = 70);
-- How long answered transactions took, in steps of a fifth: bucket n holds 1.2^n ms up to below 1.2^(n+1) ms, bucket -1 less than 1 ms.
create table rollup_duration (
  day date not null,
  environment text not null,
  system text not null,
  operation text not null,
  bucket smallint not null,
  count bigint not null,
  primary key (day, environment, system, operation, bucket)
) with (fillfactor = 70);

-- The signed heads of all batches, and the public keys they are signed with.
create table batches (
  recorder text not null,
  number bigint not null,
  sequence bigint not null unique,
  count integer not null,
  at timestamptz(3) not null,
  key text not null,
  root text not null,
  previous text not null,
  hash text not null,
  signature text not null,
  primary key (recorder, number)
);
create table recorder_keys (
  kid text primary key,
  recorder text not null,
  valid_from timestamptz(3) not null,
  x text not null
);
-- What was wrong with a batch when it was applied: kept for ever, shown by reconcile.
create table evidence_faults (
  sequence bigint not null,
  fault text not null,
  recorder text not null,
  detail text not null,
  -- How many records are not counted for it.
  uncounted integer not null,
  found_at timestamptz(3) not null default now(),
  primary key (sequence, fault)
);

-- Months whose figures were frozen for a report, with the figures.
create table frozen_months (
  month date not null,
  environment text not null,
  frozen_at timestamptz(3) not null,
  frozen_by text not null,
  primary key (month, environment)
);
create table frozen_day (like rollup_day including all);
create table frozen_month (like rollup_month including all);
create table frozen_duration (like rollup_duration including all);

-- Months whose rows were exported to a file and dropped.
create table archived_months (
  month date primary key,
  file text not null,
  sha256 text not null,
  transactions bigint not null,
  -- How far the stream was applied then: what came of the month up to there is in the file.
  sequence bigint not null,
  archived_at timestamptz(3) not null
);

-- Commands that are asked about until they are final: how often, and when again.
create table questions (
  id uuid primary key,
  asked integer not null,
  next_at timestamptz(3) not null,
  last_answer text
);
`;
