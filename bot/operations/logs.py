"""Sets up logging in lines to standard error. Identity, phone and bank-card numbers are masked."""

import logging
import sys

from knowledge.privacy import mask

_QUIET = ("httpx", "httpcore", "chromadb", "uvicorn.access", "alembic")  # httpx prints addresses that hold a token


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def configure(level: str) -> None:
    """Send log messages of `level` and above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
