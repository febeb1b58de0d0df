"""The callback that LiteLLM loads (`litellm_settings.callbacks: cline_gateway.callback.instance`).

LiteLLM runs this file without registering it as a module. Dataclasses and a second load would fail
then, so the hook itself is a regular import."""

from cline_gateway.hook import instance

__all__ = ["instance"]
