"""How much of what is new is shown from memory before a generation is built with it."""

from retrieval.generations import Generation

OVERLAY_CHUNKS = 2000  # shown from memory before a generation is built with them
OVERLAY_SHARE = 0.2  # of the generation's chunks, and never below OVERLAY_FLOOR
OVERLAY_FLOOR = 200


def few(counts: dict[str, tuple[int, int]], generation: Generation | None) -> bool:
    """Whether what differs from the generation can be shown from memory."""
    if not generation:
        return False
    built = generation.manifest.versions
    changed = sum(count for id_, (version, count) in counts.items() if built.get(id_) != version)
    size = sum(generation.manifest.rows.values())
    gone = size - sum(count for id_, (version, count) in counts.items() if built.get(id_) == version)
    return max(changed, gone) <= min(OVERLAY_CHUNKS, max(OVERLAY_FLOOR, OVERLAY_SHARE * size))
