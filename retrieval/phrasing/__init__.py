"""Puts clauses into plain words with a chat model, and lets out no word that the clause lacks."""
