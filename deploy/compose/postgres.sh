#!/bin/sh
# Run once by the image of PostgreSQL, on an empty data folder: a database whose owner is no superuser. Nothing is sorted for
# readers in it, so text is compared by its bytes, as in the tests, which costs less.
set -eu
password=$(cat /run/lgsp/database-password)
psql -v ON_ERROR_STOP=1 -U postgres -v password="$password" <<'SQL'
create role lgsp login nosuperuser nocreatedb nocreaterole password :'password';
create database lgsp owner lgsp encoding 'UTF8' locale 'C' template template0;
SQL
