#!/bin/sh
# Run once by the image of PostgreSQL, on an empty data folder: a database whose owner is no superuser.
set -eu
password=$(cat /run/lgsp/database-password)
psql -v ON_ERROR_STOP=1 -U postgres -v password="$password" <<'SQL'
create role lgsp login nosuperuser nocreatedb nocreaterole password :'password';
create database lgsp owner lgsp encoding 'UTF8' template template0;
SQL
