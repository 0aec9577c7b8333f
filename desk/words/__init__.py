"""The words in use: shipped, a site's own, proposed from conversations."""
