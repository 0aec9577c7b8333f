"""The fitted numbers that answering goes by, in a file.

`python -m retrieval.learning DOCUMENTS --only confidence` writes it, from questions over documents that no model has
learned from. It holds what they were fitted on and how well they held in cross-validation.
"""

import json
from pathlib import Path
from typing import Any

WEIGHTS_FILE = Path(__file__).parent / "weights.json"
WEIGHTS: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))


def rewritten(path: Path, **parts: Any) -> None:
    """Put parts into a file of weights in place of those of the same names."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(kept | parts, indent=1) + "\n", encoding="utf-8")
