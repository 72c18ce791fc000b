"""The HTTP door, asked through ASGI without a network."""
