"""Builds the house of 100 000 clauses beforehand, at low priority: `python -m bench.build_large [--synthetic]`."""

import os
import sys
import time

from bench.houses import large_house


def main() -> None:
    """Build the house, and print a line of progress every half minute."""
    os.nice(19)
    told = 0.0

    def report(stage: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= 30 or done == total:
            told = time.monotonic()
            print(f"{time.strftime('%H:%M:%S')} {stage} {done}/{total}", flush=True)

    large_house(report, synthetic="--synthetic" in sys.argv[1:])


if __name__ == "__main__":
    main()
