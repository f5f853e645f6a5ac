"""The map as one file that works without a network: ``python -m webmap.standalone``."""
