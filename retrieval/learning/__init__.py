"""How the shipped models are made: weights and vocabulary they begin from, questions they learn from."""
