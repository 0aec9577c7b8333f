"""What all staff pages share: session, guard, templates, live socket, and the parts that routes are handed."""
