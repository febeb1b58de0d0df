#!/usr/bin/env bash
# LiteLLM 1.108.7, OpenAI's `response_format` of type json_schema for Claude on Bedrock's Converse API (`AmazonConverseConfig`).
# Expected: one way to hold an answer to a schema, the same for every Claude model, or an error where a model has none.
# Seen: three ways. Claude Sonnet 4.5 gets `outputConfig`. Opus 4.7 gets a tool that it must call. Opus 5.5 gets the same tool, and
# may answer with plain text instead: there is no `toolChoice`. All three models are said to support the parameter.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.108.7
cat > "$work/main.py" <<'PY'
import importlib.metadata
from litellm.llms.bedrock.chat.converse_transformation import AmazonConverseConfig

schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": schema}}
print(f"litellm {importlib.metadata.version('litellm')}")
for model in ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.anthropic.claude-opus-4-7", "us.anthropic.claude-opus-5-5"):
    config = AmazonConverseConfig()
    assert "response_format" in config.get_supported_openai_params(model)
    sent = config.map_openai_params({"response_format": wanted}, {}, model, False)
    print(f"{model}: {', '.join(sorted(set(sent) - {'json_mode'}))}")
PY
seen="$(LITELLM_LOCAL_MODEL_COST_MAP=True "$work/venv/bin/python" "$work/main.py" 2> "$work/errors")" || { cat "$work/errors"; exit 1; }
echo "$seen"
grep -qF 'claude-sonnet-4-5-20250929-v1:0: outputConfig' <<< "$seen"
grep -qF 'claude-opus-4-7: tool_choice, tools' <<< "$seen"
grep -qxF 'us.anthropic.claude-opus-5-5: tools' <<< "$seen"
