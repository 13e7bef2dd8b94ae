"""Jobs: what was accepted, their way through the engine, and what is noted of them."""
