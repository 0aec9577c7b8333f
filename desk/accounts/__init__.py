"""Who signs in, and what he may see."""
