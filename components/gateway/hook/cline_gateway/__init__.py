"""What the gateway decides about a request before LiteLLM sends it: its body, its inference profile, and its place in the queue."""
