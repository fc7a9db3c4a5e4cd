"""Do the models say on Spark what they say on DuckDB? Every table of a site, compared row by row.

python -m bench.spark_parity --config examples/anonymous_bank/qos.toml [--as-of 1999-01-31]

Reads the archive of a site that has had a night (its raw rows are written if they are missing,
nothing else is), builds all models in memory with DuckDB and in a temporary folder with Spark, from
the same raw rows, and says of each table how many rows one engine has and the other has not.
Fractions are compared to nine digits. A table that differs is taken from DuckDB by those that read
it, so that each answers for itself. Wants Java 17 or 21 and the extra `spark`; see docs/spark.md.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from flows.settings import Settings, load_settings
from warehouse import pseudonyms
from warehouse.connect import reading
from warehouse.ledger import made_from
from warehouse.ledger.site import Site
from warehouse.manifest import read_manifest
from warehouse.model_tables import BEGINNING
from warehouse.models import HERE, Model, models, models_hash
from warehouse.night import renew

SPARK = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.shuffle.partitions": "4",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
    "spark.ui.enabled": "false",
}


def build_with_duckdb(settings: Settings, as_of: date, folder: Path) -> dict[str, str]:
    """Build everything, and leave what models read and what they make in `folder`, as Parquet.

    Returns:
        What fills the braces of a prelude.
    """
    site = Site(
        settings.folders, settings.feeds, settings.parameters, pseudonyms.key_of(settings.key)
    )
    manifest = read_manifest(settings.folders.manifest)
    planned = made_from.planned_build(site, manifest, as_of, models_hash())
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; attach ':memory:' as raw")
        renew(connection, site, manifest, planned, is_full=True)
        tables = connection.execute(
            "select distinct table_name from information_schema.tables where table_catalog = 'raw'"
        ).fetchall()
        names = ["ledger.files", *(f"raw.{name}" for (name,) in tables)]
        kept = (model.name for model in models() if not model.is_for_tonight)
        for name in (*names, *kept):
            connection.execute(f"copy (from {name}) to '{folder / name}.parquet'")
    days = dict.fromkeys(("as_of", "previous_as_of"), str(as_of))
    return settings.parameters.for_sql() | days | {"since": str(BEGINNING)}


def spark_session(folder: Path, values: dict[str, str], inputs: Path) -> Any:
    """Spark with its prelude, and with all that models read which is no model."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[*]")
    for name, value in {**SPARK, "spark.sql.warehouse.dir": str(folder)}.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    prelude = re.sub(r"^--.*$", "", (HERE / "prelude" / "spark.sql").read_text(), flags=re.M)
    for statement in re.sub(r"\{(\w+)\}", lambda found: values[found[1]], prelude).split(";"):
        if statement.strip():
            spark.sql(statement)
    for schema in ("raw", "ledger", "staging", "facts", "metrics"):
        spark.sql(f"create database if not exists {schema}")
    for path in (*inputs.glob("raw.*.parquet"), inputs / "ledger.files.parquet"):
        spark.read.parquet(str(path)).write.saveAsTable(path.stem)
    return spark


def differences(spark: Any, model: Model, inputs: Path, folder: Path) -> str:
    """Make one table with Spark, and say in what it differs from DuckDB's; "" if in nothing."""
    from pyspark.errors import PySparkException

    create = f"create table {model.name} using parquet as {model.sql}"
    if model.is_for_tonight:  # DuckDB has none of it any more; others are made from it
        spark.sql(create)
        return ""
    try:
        spark.sql(create)
        found = _compared(
            folder / model.name.replace(".", ".db/"), inputs / f"{model.name}.parquet"
        )
    except PySparkException as error:
        found = str(error).split("\n")[0]
    if found:
        spark.sql(f"drop table if exists {model.name}")
        spark.read.parquet(str(inputs / f"{model.name}.parquet")).write.saveAsTable(model.name)
    return found


def _compared(found: Path, expected: Path) -> str:
    with duckdb.connect() as connection:
        columns = connection.execute(f"describe from '{expected}'").fetchall()
        fields = ", ".join(
            f'round("{name}"::double, 9)' if kind == "DOUBLE" else f'"{name}"::{kind}'
            for name, kind, *_ in columns
        )
        both = [f"select {fields} from '{path}'" for path in (f"{found}/*.parquet", expected)]
        ((more,),), ((less,),) = (
            connection.execute(f"select count(*) from ({a} except all {b})").fetchall()
            for a, b in (both, both[::-1])
        )
    return f"{more} rows on Spark only, {less} on DuckDB only" if more or less else ""


def compare(settings: Settings, as_of: date) -> Iterator[tuple[str, str]]:
    """Each table with what differs, "" if nothing does."""
    with tempfile.TemporaryDirectory() as home:
        inputs, folder = Path(home) / "duckdb", Path(home) / "spark"
        inputs.mkdir()
        values = build_with_duckdb(settings, as_of, inputs)
        spark = spark_session(folder, values, inputs)
        for model in models():
            yield model.name, differences(spark, model, inputs, folder)
        spark.stop()


def main() -> int:
    """Print every comparison; 1 if any table differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--warehouse", type=Path)
    parser.add_argument("--as-of", type=date.fromisoformat)
    arguments = parser.parse_args()
    settings = load_settings(arguments.config, warehouse=arguments.warehouse)
    as_of = arguments.as_of
    if as_of is None:
        with reading(settings.folders.warehouse) as connection:
            ((as_of,),) = connection.execute("select as_of from ledger.build").fetchall()
    is_same = True
    for name, difference in compare(settings, as_of):
        is_same = is_same and not difference
        print(f"{name}: {difference or 'the same'}", flush=True)
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
