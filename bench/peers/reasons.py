"""The known reasons why another framework is ahead in a figure."""

_NO_MODEL = "it looks words up and calls no model; what is said in other words it does not find"
_NO_VECTORS = "it calls no model, so nothing is embedded"
_IN_ONE_BATCH = "it is given all questions at once and embeds them in batches; people ask one by one"
_WHOLE_DOCUMENTS = "it embeds the first 512 tokens of each document, and what follows them cannot be found by meaning"
_IN_PLACE = (
    "it writes into the index that is asked; here a child process builds and tries a new one, and a kill loses nothing"
)

_OF_WORDS = {
    "p50_ms": _NO_MODEL,
    "p99_ms": _NO_MODEL,
    "per_second": _NO_MODEL,
    "index_seconds": _NO_VECTORS,
    "peak_mb": "it holds no model, no database and no vectors",
}
_REASONS = {
    "bm25s": _OF_WORDS,
    "bm25s, jieba": _OF_WORDS,
    "txtai": {"per_second": _IN_ONE_BATCH, "index_seconds": _WHOLE_DOCUMENTS},
    "haystack": {"index_seconds": _WHOLE_DOCUMENTS},
    "langchain": {"index_seconds": _IN_PLACE},
    "langchain ensemble": {"index_seconds": _IN_PLACE},
    "langchain ensemble, jieba": {"index_seconds": _IN_PLACE},
    "llamaindex": {"index_seconds": _IN_PLACE},
}


def reason(field: str, name: str) -> str:
    """Return the reason for a peer's figure, or a phrase that none is known."""
    return _REASONS.get(name, {}).get(field, "no reason is known")
