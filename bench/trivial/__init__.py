"""Our server with one more page: the smallest that Django can answer. For the measurement only."""
