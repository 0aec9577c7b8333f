"""Turn bytes into blocks: recognise the format of a file, with one reader for each format."""
