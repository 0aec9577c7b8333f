"""Milliseconds and megabytes, against the floor and against a stock pipeline: `python -m bench`, or `make bench`."""
