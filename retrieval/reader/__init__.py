"""Reads a question and a passage together: how near they come to each other, token by token."""
