"""The embedding model: obtained, exported, run; and what is kept of an embedded text."""
