"""Calls Bedrock Runtime with boto3 as told on standard input, and writes what boto3 made of each answer to standard output."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

told = json.load(sys.stdin)
client = boto3.client(
    "bedrock-runtime",
    endpoint_url=told["url"],
    region_name="ap-northeast-1",
    aws_access_key_id="AKIASTANDIN",
    aws_secret_access_key="secret",
    config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20),
)


def call(step):
    events = []
    try:
        answer = getattr(client, step["operation"])(**step["arguments"])
        for event in answer.pop("stream", []):
            events.append(event)
            if len(events) == step.get("hang_up_after"):
                break
        if "body" in answer:
            answer["body"] = answer["body"].read().decode()
        return {"answer": answer, "events": events}
    except Exception as error:
        response = getattr(error, "response", None) or {}
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return {"error": type(error).__name__, "message": str(error), "status": status, "events": events}


with ThreadPoolExecutor(told.get("parallel", 1)) as pool:
    print(json.dumps(list(pool.map(call, told["steps"]))))
