"""Turns the blocks of a file into a document: outline, clauses, metadata."""
