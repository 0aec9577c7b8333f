"""From a question to an answer with its citation, or to the reason for none."""
