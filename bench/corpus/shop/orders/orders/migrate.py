"""Brings the database to the schema that the settings name; never beyond it, never back."""
import sqlite3
from pathlib import Path

from orders import log
from orders.settings import ROOT

logger = log.named("migrate")


def migrate(file: Path, schema: int) -> None:
    connection = sqlite3.connect(file, timeout=10.0)
    try:
        current = connection.execute("PRAGMA user_version").fetchone()[0]
        for number in range(current + 1, schema + 1):
            script = migration_file(number)
            logger.info("applying %s", script.name)
            connection.executescript(f"BEGIN;\n{script.read_text(encoding='utf-8')}\nPRAGMA user_version = {number};\nCOMMIT;")
    finally:
        connection.close()


def migration_file(number: int) -> Path:
    found = sorted((ROOT / "migrations").glob(f"{number:03d}_*.sql"))
    if len(found) != 1:
        raise FileNotFoundError(f"there is no migration {number:03d} in {ROOT / 'migrations'}")
    return found[0]
