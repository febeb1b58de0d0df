"""The gateway's decisions on a request before LiteLLM sends it: its body, its inference profile,
and its position in the queue."""
