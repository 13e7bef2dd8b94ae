"""HTTP: one table of routes, what every request passes through, and the description made from the table."""
