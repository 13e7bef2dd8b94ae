"""The embedded demo model, as package data in diffusers layout."""
