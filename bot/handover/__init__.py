"""Keeps to one writer: commands hand their work to the running service."""
