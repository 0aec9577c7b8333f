"""Rules about validity: what a text says of its own force, what it does to others, and what follows. They do no I/O."""
