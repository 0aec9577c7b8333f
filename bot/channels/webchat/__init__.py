"""The web chat: page, socket, plain requests."""
