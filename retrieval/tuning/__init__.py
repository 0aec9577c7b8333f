"""Adapts the embedding model to a site, and keeps the result only if it ranks better."""
