"""Workflows: saved ones and examples, and what a request is checked against."""
