"""The embedding model: obtained, exported, run, its vectors whitened."""
