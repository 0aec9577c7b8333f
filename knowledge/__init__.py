"""The procedure and policy documents: read files into clauses, store them, and know which are in force."""
