"""Prints as JSON what the installed LiteLLM is, as far as this project depends on it. Reads the
question, also JSON, from standard input: see `Question` in facts.ts."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import re
import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Iterator

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
sys.path.insert(0, str(Path(__file__).parent / "../support"))

import litellm
from litellm.integrations.custom_logger import CustomLogger
from litellm_routes import found as routes

question: dict[str, Any] = json.load(sys.stdin)
package = Path(litellm.__file__).parent
sources = {file: file.read_text(encoding="utf-8") for file in package.rglob("*.py")}
text = "\n".join(sources.values())


def shape(value: Any) -> str:
    """A function's parameters with their defaults, without types, which bind nobody."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return type(value).__name__
    return "(" + ", ".join(str(each.replace(annotation=inspect.Parameter.empty)) for each in parameters) + ")"


def imports() -> Iterator[tuple[str, str]]:
    """What the hook takes from LiteLLM, and the methods of LiteLLM's callback that it overrides."""
    for file in sorted(Path(question["hook"]).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "litellm":
                for each in node.names:
                    value = getattr(importlib.import_module(node.module), each.name, None)
                    yield f"{node.module}.{each.name}", "absent" if value is None else shape(value)
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "CustomLogger" for base in node.bases):
                for each in node.body:
                    if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and not each.name.startswith("_"):
                        value = getattr(CustomLogger, each.name, None)
                        yield f"CustomLogger.{each.name}", "absent" if value is None else shape(value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"litellm(\.\w+)+:\w+", node.value):
                yield node.value, "present" if node.value in text else "absent"


def defaults(model: Any) -> dict[str, str]:
    return {name: repr(field.default) for name, field in model.model_fields.items()}


def settings() -> dict[str, dict[str, str]]:
    """Keys that each part of the configuration has by declaration, with their defaults."""
    from litellm.proxy._types import ConfigGeneralSettings
    from litellm.types.router import GenericLiteLLMParams, ModelInfo

    router = inspect.signature(litellm.Router.__init__).parameters
    plain = (bool, int, float, str, type(None), list, dict, tuple)
    module = {name: repr(value) for name, value in vars(litellm).items() if not name.startswith("_") and isinstance(value, plain) and len(repr(value)) < 200 and " at 0x" not in repr(value)}
    return {
        "general_settings": defaults(ConfigGeneralSettings),
        "litellm_params": defaults(GenericLiteLLMParams),
        "model_info": defaults(ModelInfo),
        "router_settings": {name: repr(each.default) for name, each in router.items() if name != "self"},
        "litellm_settings": module,
    }


def command() -> dict[str, str]:
    from litellm.proxy.proxy_cli import run_server

    return {option: repr(each.default) for each in run_server.params for option in each.opts}


variable = re.compile(r"""(?:getenv|environ\.get|environ\[|get_secret\w*|_env\w*)\(?\s*["']([A-Z][A-Z0-9_]{3,})["']""")
prices = json.loads((package / "model_prices_and_context_window_backup.json").read_text(encoding="utf-8"))
answer = {
    "packages": {each.metadata["Name"].lower().replace("_", "-"): each.version for each in distributions()},
    "routes": sorted({f"{method} {path}" for method, path in routes}),
    "settings": settings(),
    "read": {word: f'"{word}"' in text or f"'{word}'" in text or re.search(rf"\b{word}\b\s*[:=]", text) is not None for word in question["words"]},
    "environment": sorted(set(variable.findall(text))),
    "command": command(),
    "prices": {each: prices.get(each) for each in question["models"]},
    "hook": dict(imports()),
}
print(json.dumps(answer))
