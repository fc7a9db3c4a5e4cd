"""The ledger: which files are in this warehouse, with their row counts, and what it was made with.

It is the manifest's projection: the files of the diary that the warehouse has not are `new`, those
that it has and the diary does not any more are `withdrawn`.
"""

TABLES = """
create schema if not exists ledger;
create table if not exists ledger.files (
    file varchar primary key, feed varchar, name varchar, arrival integer, arrived_at varchar,
    reading varchar, rows_read bigint, rows_raw bigint, rows_quarantined bigint,
    rows_legs bigint, rows_no_calls bigint, rows_pending bigint, rows_taken_for_first_hour bigint,
    first_day date, last_day date, change varchar
);
create table if not exists ledger.columns (
    file varchar, place bigint, name varchar, fills varchar, kind varchar, is_usual boolean
);
create table if not exists ledger.releases (file varchar, feed varchar, rule varchar);
create table if not exists ledger.build (
    as_of date, input_hash varchar, definition_hash varchar, key_fingerprint varchar
);
create table if not exists ledger.checked (rules_hash varchar);
create table if not exists ledger.unchecked (model varchar, since date);
"""
