"""`python -m latentloom`."""

from .cli import main

main()
