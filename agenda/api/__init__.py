"""The open interface: the programmes of open events as JSON, to read only. Never a closed event."""
