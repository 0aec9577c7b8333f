"""The index and the answering."""
