"""The benchmark against the frameworks that people would otherwise use."""
