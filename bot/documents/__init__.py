"""A document's public page."""
