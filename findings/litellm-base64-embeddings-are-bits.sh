#!/usr/bin/env bash
# LiteLLM 1.108.7, OpenAI's `encoding_format` for Amazon Titan Text Embeddings V2 (`AmazonTitanV2Config`).
# Expected: `base64` changes the encoding alone: the same float32 values, packed. OpenAI's own SDKs ask for it unless told otherwise.
# Seen: `base64` becomes Bedrock's embedding type `binary`, one bit a dimension; the answer is a list of zeros and ones, without a warning.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.108.7
cat > "$work/main.py" <<'PY'
import importlib.metadata
import json
from litellm.llms.bedrock.embed.amazon_titan_v2_transformation import AmazonTitanV2Config

config = AmazonTitanV2Config()
asked = {wanted: config.map_openai_params({"encoding_format": wanted}, {}) for wanted in ("base64", "float")}
# The answer as the Amazon Bedrock user guide ("Amazon Titan Text Embeddings V2") gives it for the type binary.
answer = {"embeddingsByType": {"binary": [1, 0, 1]}, "inputTextTokenCount": 1}
given = config._transform_response([answer], "amazon.titan-embed-text-v2:0").data[0].embedding
print(f"litellm {importlib.metadata.version('litellm')}: {json.dumps(asked)}; base64 answered as {json.dumps(given)}")
PY
seen="$(LITELLM_LOCAL_MODEL_COST_MAP=True "$work/venv/bin/python" "$work/main.py" 2> "$work/errors")" || { cat "$work/errors"; exit 1; }
echo "$seen"
grep -qF '"base64": {"embeddingTypes": ["binary"]}' <<< "$seen"
grep -qF 'base64 answered as [1, 0, 1]' <<< "$seen"
