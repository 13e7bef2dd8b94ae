"""Example workflows, shipped as data."""
