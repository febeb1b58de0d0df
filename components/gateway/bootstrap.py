"""Runs in a container of its own before LiteLLM starts: fetches the configuration by content hash
and creates the task's certificate.

The load balancer does not verify its targets' certificates; this one keeps the hop between them
encrypted. The folder belongs to root. LiteLLM runs as another user and mounts it read-only, so every
file is readable for all users of the task, which nobody else shares."""

import datetime
import hashlib
import json
import os
import pathlib

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

os.umask(0o022)
folder = pathlib.Path(os.environ["CONFIG_FOLDER"])
s3 = boto3.client("s3", region_name=os.environ["AWS_REGION"])


def fetch(bucket: str, key: str, place: str) -> bytes:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return body


for place, digest in json.loads(os.environ["CONFIG_FILES"]).items():
    body = fetch(os.environ["CONFIG_BUCKET"], f"{os.environ['CONFIG_PREFIX']}/{place}", place)
    if hashlib.sha256(body).hexdigest() != digest:
        raise SystemExit(f"{place}: not the file this task definition names")
fetch(os.environ["ARTIFACT_BUCKET"], "gateway/rds-ca.pem", "rds-ca.pem")
(folder / "collector-ca.pem").write_text(os.environ["OTEL_CA"])

key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway-task")])
now = datetime.datetime.now(datetime.timezone.utc)
certificate = (
    x509.CertificateBuilder()
    .subject_name(name)
    .issuer_name(name)
    .public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - datetime.timedelta(hours=1))
    .not_valid_after(now + datetime.timedelta(days=3650))
    .sign(key, hashes.SHA256())
)
(folder / "tls.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
(folder / "tls.key").write_bytes(
    key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)
