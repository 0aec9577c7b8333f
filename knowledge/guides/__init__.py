"""Finds service guides (办事指南) in a document's outline, field by field, and stores them."""
