"""moto's server with Secrets Manager's rotation as AWS documents it, where moto 5 differs.

A rotation makes a pending version without a value, for a secret that has none yet too; one that is still pending refuses the next; a version's
value never changes; the first promotion takes AWSCURRENT from nobody. The rotation function is called by whoever runs the test, not from here.
Usage: moto-server.py PORT
"""

import sys
import time
import uuid
from typing import Any

from moto.secretsmanager import models
from moto.secretsmanager.exceptions import InvalidRequestException, ResourceExistsException
from moto.server import main

backend = models.SecretsManagerBackend
moto_put, moto_update_stage = backend.put_secret_value, backend.update_secret_version_stage


def version_at(secret: Any, stage: str) -> str | None:
    return next((name for name, version in secret.versions.items() if stage in version["version_stages"]), None)


def rotate_secret(self: Any, secret_id: str, client_request_token: str | None = None, *_: Any, **__: Any) -> str:
    secret = self.secrets[secret_id]
    pending = version_at(secret, "AWSPENDING")
    if pending is not None:
        if pending != version_at(secret, "AWSCURRENT"):
            raise InvalidRequestException("A previous rotation isn't complete. That rotation will be reattempted.")
        secret.versions[pending]["version_stages"].remove("AWSPENDING")
    version = client_request_token or str(uuid.uuid4())
    secret.versions[version] = {"createdate": int(time.time()), "version_id": version, "version_stages": ["AWSPENDING"]}
    return str(secret.to_short_dict(version_id=version))


def put_secret_value(self: Any, secret_id: str, secret_string: str, secret_binary: Any, client_request_token: str, version_stages: Any) -> str:
    found = self.secrets[secret_id].versions.get(client_request_token, {}).get("secret_string")
    if found is not None and found != secret_string:
        raise ResourceExistsException("You can't modify an existing version, you can only create a new version.")
    return str(moto_put(self, secret_id, secret_string, secret_binary, client_request_token, version_stages))


def update_secret_version_stage(self: Any, secret_id: str, version_stage: str, remove_from_version_id: Any, move_to_version_id: Any) -> Any:
    secret = self.secrets[secret_id]
    if version_stage == "AWSCURRENT":
        # What a read without a version gives.
        secret.default_version_id = move_to_version_id
    if version_stage == "AWSCURRENT" and not remove_from_version_id and version_at(secret, "AWSCURRENT") is None:
        secret.versions[move_to_version_id]["version_stages"].append("AWSCURRENT")
        return secret.arn, secret.name
    return moto_update_stage(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)


backend.rotate_secret = rotate_secret
backend.put_secret_value = put_secret_value
backend.update_secret_version_stage = update_secret_version_stage
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
