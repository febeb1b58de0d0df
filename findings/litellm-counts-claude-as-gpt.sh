#!/usr/bin/env bash
# LiteLLM 1.106.2 (tiktoken 0.14.0), litellm.token_counter, which a proxy's budget reservation also uses.
# Expected: a count for a Claude model on Bedrock that follows Claude's tokenizer, or an error that there is none.
# Seen: the count of OpenAI's cl100k for Claude 4.5, the same as for gpt-3.5-turbo; nothing says that it is another family's.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.106.2 tiktoken==0.14.0
cat > "$work/main.py" <<'PY'
import importlib.metadata
import litellm

text = "export const total = (items) => items.reduce((sum, { price }) => sum + price, 0); // adds\n" * 50
claude = litellm.token_counter(model="bedrock/converse/anthropic.claude-sonnet-4-5-20250929-v1:0", text=text)
gpt = litellm.token_counter(model="gpt-3.5-turbo", text=text)
print(f"litellm {importlib.metadata.version('litellm')}: Claude {claude} tokens, gpt-3.5-turbo {gpt}")
PY
seen="$(LITELLM_LOCAL_MODEL_COST_MAP=True "$work/venv/bin/python" "$work/main.py" 2> /dev/null)"
echo "$seen"
grep -qE 'Claude ([0-9]+) tokens, gpt-3.5-turbo \1$' <<< "$seen"
