"""Settings: `config/orders.ini` for what is the same everywhere, the environment for addresses and secrets."""
import configparser
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    pass


@dataclass(frozen=True)
class Settings:
    port: int
    revision: str
    data_dir: Path
    max_in_flight: int
    pool_size: int
    pool_wait_seconds: float
    schema: int
    cache_pages: int
    max_pages: int
    ledger_url: str
    ledger_token_key: str
    ledger_timeout_seconds: float
    token_lifetime_seconds: int
    payments_url: str
    payments_api_key: str
    payments_timeout_seconds: float
    payments_ca_file: str
    queue_limit: int
    idle_seconds: float
    retry_seconds: float
    currency: str
    shipping_cents: int
    free_shipping_from_cents: int


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if value == "":
        raise SettingsError(f"environment variable {name} is not set")
    return value


def log_file() -> Path:
    return Path(required("LOG_FILE"))


def load_settings() -> Settings:
    file = configparser.ConfigParser()
    file.read(ROOT / "config" / "orders.ini", encoding="utf-8")
    http, database, posting = file["http"], file["database"], file["posting"]
    ledger, payments, pricing = file["ledger"], file["payments"], file["pricing"]
    return Settings(
        port=int(required("PORT")),
        revision=os.environ.get("DEPLOYED_REVISION", ""),
        data_dir=Path(required("DATA_DIR")),
        max_in_flight=http.getint("max_in_flight"),
        pool_size=database.getint("pool_size"),
        pool_wait_seconds=database.getfloat("pool_wait_seconds"),
        schema=database.getint("schema"),
        cache_pages=database.getint("cache_pages"),
        max_pages=int(os.environ.get("DATABASE_PAGES", "0")),
        ledger_url=required("LEDGER_URL"),
        ledger_token_key=required("LEDGER_TOKEN_KEY"),
        ledger_timeout_seconds=ledger.getfloat("timeout_seconds"),
        token_lifetime_seconds=ledger.getint("token_lifetime_seconds"),
        payments_url=required("PAYMENTS_URL"),
        payments_api_key=required("PAYMENTS_API_KEY"),
        payments_timeout_seconds=payments.getfloat("timeout_seconds"),
        payments_ca_file=os.environ.get("PAYMENTS_CA_FILE", ""),
        queue_limit=posting.getint("queue_limit"),
        idle_seconds=posting.getfloat("idle_seconds"),
        retry_seconds=posting.getfloat("retry_seconds"),
        currency=pricing["currency"],
        shipping_cents=pricing.getint("shipping_cents"),
        free_shipping_from_cents=pricing.getint("free_shipping_from_cents"),
    )
