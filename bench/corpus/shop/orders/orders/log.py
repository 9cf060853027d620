"""One log file, times in UTC."""
import logging
import threading
import time
from pathlib import Path

WARNING = logging.WARNING
ERROR = logging.ERROR


def set_up(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    formatter = logging.Formatter("%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s")
    formatter.converter = time.gmtime
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    threading.excepthook = thread_ended


def thread_ended(ended: threading.ExceptHookArgs) -> None:
    name = "?" if ended.thread is None else ended.thread.name
    trace = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    named("threads").error("thread %s has ended", name, exc_info=trace)


def named(name: str) -> logging.Logger:
    return logging.getLogger(f"orders.{name}")
