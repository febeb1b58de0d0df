"""What the gateway tells of the models that this workspace's key may use, in Cline's words."""

from __future__ import annotations

import json
import signal
import time
import urllib.error
import urllib.request

CHEAP_FIRST = ("light", "standard", "strong")
PAUSES = (1, 2, 4, 8)  # Seconds between attempts while the local gateway has no key yet.
SECONDS = 45  # For all attempts together: systemd gives the editor's whole start 90.

# What the prices and sizes of LiteLLM's answer are called by Cline, which counts prices in dollars per million tokens.
FIELDS = {
    "maxTokens": "max_output_tokens",
    "contextWindow": "max_input_tokens",
    "supportsImages": "supports_vision",
    "supportsPromptCache": "supports_prompt_caching",
}
PRICES = {
    "inputPrice": "input_cost_per_token",
    "outputPrice": "output_cost_per_token",
    "cacheReadsPrice": "cache_read_input_token_cost",
    "cacheWritesPrice": "cache_creation_input_token_cost",
}


class Late(BaseException):
    """The time for the gateway is over. No handler of a library's takes it for a fault of the network."""


def late(_signal: int, _frame: object) -> None:
    raise Late


def models(url: str, placeholder: str) -> dict[str, dict] | None:
    """What the gateway tells of the tiers that this key may use, by tier; None where it does not answer."""
    request = urllib.request.Request(f"{url}/model/info", headers={"Authorization": f"Bearer {placeholder}"})
    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        for pause in (*PAUSES, 0):
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return {model["model_name"]: model["model_info"] for model in json.load(answer)["data"]}
            except (OSError, ValueError, KeyError, TypeError) as fault:
                said = type(fault).__name__
                if not isinstance(fault, urllib.error.URLError) or getattr(fault, "code", 503) != 503:
                    break
            time.sleep(pause)
    except Late:
        said = f"no answer within {SECONDS} s"
    finally:
        signal.alarm(0)
    print(f"the gateway did not list models, the last choice stays: {said}")
    return None


def model_info(info: dict) -> dict:
    sizes = {ours: info[theirs] for ours, theirs in FIELDS.items() if theirs in info}
    prices = {ours: round(info[theirs] * 1e6, 6) for ours, theirs in PRICES.items() if theirs in info}
    return {**sizes, **prices}


def chosen(told: dict[str, dict] | None, state: dict) -> dict:
    """Each mode's model: the developer's while it is allowed, else the lightest to plan and the standard one, or the nearest, to act."""
    allowed = [tier for tier in CHEAP_FIRST if told is None or tier in told] or ["light"]
    usual = {"plan": allowed[0], "act": "standard" if "standard" in allowed else allowed[-1]}
    ours = {}
    for mode, tier in usual.items():
        own = state.get(f"{mode}ModeLiteLlmModelId")
        ours[f"{mode}ModeLiteLlmModelId"] = tier = own if own in allowed else tier
        if told and tier in told:
            ours[f"{mode}ModeLiteLlmModelInfo"] = model_info(told[tier])
    return ours
