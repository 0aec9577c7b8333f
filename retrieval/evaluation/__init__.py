"""How good ranking and answers are, and what a confidence is worth."""
