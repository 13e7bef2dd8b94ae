"""What the routes do, by subject. A handler takes an `Asked` and returns a body, or a response of its own."""
