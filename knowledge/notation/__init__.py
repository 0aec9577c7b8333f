"""Read the numbers, dates, names, organs and places that official documents write: text in, value out."""
