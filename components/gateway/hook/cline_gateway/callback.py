"""What LiteLLM loads (`litellm_settings.callbacks: cline_gateway.callback.instance`).

LiteLLM runs this file without registering it as a module, which dataclasses and a second load would notice; the hook itself is imported as usual.
"""

from cline_gateway.hook import instance

__all__ = ["instance"]
