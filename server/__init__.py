"""The HTTP and WebSocket server (not built yet)."""
