#!/usr/bin/env bash
# LiteLLM 1.108.7, Router: a deployment's own prices, in litellm_params as its documentation shows them, and in model_info.
# Expected: both are read once, when the router is made; a call costs the same processor time either way.
# Seen: prices in litellm_params are registered anew with every call, which also empties LiteLLM's caches of model
# information; prices in model_info are registered once. The cost of a call is the same.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.108.7
cat > "$work/main.py" <<'PY'
import importlib.metadata
import sys

import litellm

prices = {"input_cost_per_token": 3e-06, "output_cost_per_token": 7e-06}
registered = 0
original = litellm.register_model


def counting(*args, **kwargs):
    global registered
    registered += 1
    return original(*args, **kwargs)


where = sys.argv[1]
model = {"model": "openai/gpt-4o-mini", "api_key": "none", "mock_response": "four words of answer"}
entry = {"model_name": "m", "litellm_params": model, "model_info": {"id": "m-1"}}
entry[where].update(prices)
router = litellm.Router(model_list=[entry])
for module in list(sys.modules.values()):
    if module is not None and getattr(module, "__name__", "").startswith("litellm") and getattr(module, "register_model", None) is original:
        module.register_model = counting
for _ in range(5):
    answer = router.completion(model="m", messages=[{"role": "user", "content": "a question"}])
cost = answer._hidden_params["response_cost"]
print(f"litellm {importlib.metadata.version('litellm')}, {where}: {registered} registrations in 5 calls, cost {cost:.7f}")
PY
run() { LITELLM_LOCAL_MODEL_COST_MAP=True "$work/venv/bin/python" "$work/main.py" "$1" 2> /dev/null; }
params="$(run litellm_params)"
info="$(run model_info)"
printf '%s\n%s\n' "$params" "$info"
[[ "$params" =~ ([0-9]+)\ registrations.*cost\ ([0-9.]+) ]] && calls="${BASH_REMATCH[1]}" cost="${BASH_REMATCH[2]}"
[ "$calls" -ge 5 ]
grep -q "model_info: 0 registrations in 5 calls, cost $cost\$" <<< "$info"
