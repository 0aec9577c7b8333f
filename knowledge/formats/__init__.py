"""One reader per file format: bytes to blocks and facts."""
