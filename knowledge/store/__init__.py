"""Keeps documents and clauses in SQL, and which of them are in force."""
