"""Measures milliseconds and megabytes against the floor and a stock pipeline: `python -m bench`, or `make bench`."""
