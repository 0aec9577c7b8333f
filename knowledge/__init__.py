"""The procedure and policy documents: parsed into clauses, stored, and known to be in force or not."""
