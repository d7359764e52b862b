-- The role by which Grafana reads the counts of the book, and nothing else: no transaction, no dossier, no officer, and no
-- change of anything. Run it once, as the owner of the ledger's schema with the right to make roles, in the ledger's database:
--
--   psql "$LGSP_DATABASE_URL" -v ON_ERROR_STOP=1 -f deploy/grafana/reader.sql
--   psql "$LGSP_DATABASE_URL" -c '\password lgsp_grafana'
--
-- Again after an update of the ledger: it can be repeated.
do $$ begin
  if not exists (select from pg_roles where rolname = 'lgsp_grafana') then
    create role lgsp_grafana login nosuperuser nocreatedb nocreaterole noreplication connection limit 10;
  end if;
end $$;

alter role lgsp_grafana set search_path = book;
-- A careless query of a dashboard must not hold the book up.
alter role lgsp_grafana set default_transaction_read_only = on;
alter role lgsp_grafana set statement_timeout = '15s';
alter role lgsp_grafana set idle_in_transaction_session_timeout = '15s';

grant usage on schema book to lgsp_grafana;
grant select on book.rollup_hour, book.rollup_day, book.rollup_month_services, book.frozen_months to lgsp_grafana;
