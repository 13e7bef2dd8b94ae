"""The HTTP and WebSocket server: jobs that survive, their events and files."""
