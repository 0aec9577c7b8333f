"""Reads files from outside in processes that may do nothing else."""
