import signal
import sys
import threading

from orders import log
from orders.app import build_app
from orders.settings import load_settings, log_file

logger = log.named("main")


def main() -> int:
    log.set_up(log_file())
    try:
        settings = load_settings()
        app = build_app(settings)
    except Exception:
        logger.exception("orders could not be started")
        return 1
    app.worker.start()
    server = app.server()
    ending = threading.Event()

    def end(*_: object) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threading.Thread(target=server.serve_forever, name="http", daemon=True).start()
    logger.info("orders %s listens on port %d", settings.revision, settings.port)
    ending.wait()
    logger.info("orders is stopping")
    server.shutdown()
    app.worker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
