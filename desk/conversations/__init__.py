"""Messages in and out of conversations; each change is one action that is announced after its commit."""
