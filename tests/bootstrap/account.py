"""`npm run doctor -- --live` by AWS's own command line against moto: an empty account, then one where a platform and a department stand.

First the break-glass script, whose profile the command line reads. It shows that each command is one that AWS's command line sends, and that each
judgement reads an answer in AWS's shape. moto has no answer for some operations (not_implemented below): those rows stay unknown here, and the fake
`aws` of tests/cli/doctor-live.test.ts answers them.
Usage: account.py PROJECT AWS, with the folder of the command line
"""

import hashlib
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile

project, command_line = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
os.environ |= {
    # moto reads the account's id when it is imported.
    "MOTO_ACCOUNT_ID": "111122223333",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_MAX_ATTEMPTS": "1",
}

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

region = "ap-northeast-1"
preferences = "SSM-SessionManagerRunShell"
packages = f"al2023-repos-{region}-de612dc2"

# Rows whose operations moto does not have.
not_implemented = {
    *(f"{kind}-{tier}" for kind in ("model", "profile") for tier in ("light", "standard", "strong")),
    "quota-codebuild-arm",
    "database-version",
    "cache-version",
    "workspace-managed",
    "cost-tags",
}
empty = {
    "instance-types-in-zones": "pass",
    "package-bucket": "fail",
    "session-preferences": "pass",
    "role-quota": "pass",
    **dict.fromkeys(
        "index-digest second-range gateway-tasks tmpfs-mode trace-tasks workspace-restart session-log trail-delivers "
        "read-events identity-events endpoints-available".split(),
        "unknown",
    ),
}
standing = dict.fromkeys(empty, "pass") | {
    # Nobody's: without the organization's tag.
    "session-preferences": "fail",
    # moto runs no task.
    "gateway-tasks": "fail",
    "trace-tasks": "fail",
    # The plain state, in which read-only events never arrive.
    "identity-events": "fail",
}


def ask(*rows):
    path = os.pathsep.join([str(command_line), os.environ["PATH"]])
    run = subprocess.run(
        ["node", "-r", "tsx/cjs", "cli/main.ts", "doctor", "--live", "--json", *rows],
        cwd=project,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stderr
    return {row["id"]: row for row in json.loads(run.stdout) if row["verdict"] != "person"}, run.returncode


def doctor():
    """Every row, and the exit code; a row that a busy machine answered too late is asked again."""
    rows, code = ask()
    for _ in range(3):
        late = [name for name, row in rows.items() if row["found"].startswith("Timeout: ")]
        if not late:
            break
        rows |= ask(*late)[0]
    return rows, code


def holds(what, rows, wanted):
    found = {name: row["verdict"] for name, row in rows.items() if name not in not_implemented}
    differ = {name: (verdict, wanted.get(name), rows[name]["found"]) for name, verdict in found.items() if verdict != wanted.get(name)}
    assert not differ, f"{what}, found and wanted: {differ}"
    assert found.keys() == wanted.keys(), f"{what}: {found.keys() ^ wanted.keys()}"
    print(f"{len(found)} passed: doctor --live by AWS's command line, {what}")


def break_glass():
    """The script's exports, in a shell whose own credentials are a user's."""
    env = os.environ | {"PATH": os.pathsep.join([str(command_line), os.environ["PATH"]]), "AWS_SESSION_TOKEN": "x", "AWS_REGION": region}
    words = ["scripts/break-glass.sh", "111122223333", "example", "mori", "arn:aws:iam::111122223333:mfa/mori", "123456"]
    with tempfile.TemporaryDirectory() as folder:
        # The command line keeps a role's credentials in HOME: those of an earlier moto would be taken up.
        env |= {"TMPDIR": folder, "HOME": folder}
        exports = subprocess.run(words, env=env, capture_output=True, text=True)
        assert exports.returncode == 0, exports.stderr
        shell = f"{exports.stdout.strip()}; unset AWS_REGION; env; aws sts get-caller-identity --query Arn --output text"
        lines = subprocess.run(["bash", "-euc", shell], env=env, capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[-1].endswith(":assumed-role/example-deployer/mori"), lines[-1]
    ending = ("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")
    assert not [line for line in lines if line.split("=")[0] in ending], "credentials that nothing renews"
    print("1 passed: the break-glass script leaves a profile that takes the deployer's role")


def client(service, where=region):
    return boto3.client(service, region_name=where)


def rule(name, where, state):
    client("events", where).put_rule(Name=name, EventPattern='{"source":["aws.sts"]}', State=state)


def stand():
    tags = [{"Key": "Stack", "Value": "platform"}]
    own = [{"ResourceType": kind, "Tags": tags} for kind in ("vpc", "vpc-endpoint")]
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/18", TagSpecifications=own[:1])["Vpc"]["VpcId"]
    ec2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock="10.20.64.0/18")
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.s3", TagSpecifications=own[1:])
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.20.0.0/24")["Subnet"]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    department = [{"ResourceType": "instance", "Tags": [{"Key": "Stack", "Value": "data-science"}]}]
    ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet, TagSpecifications=department)
    client("s3").create_bucket(Bucket=packages, CreateBucketConfiguration={"LocationConstraint": region})
    session = json.dumps({"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {}})
    client("ssm").create_document(Name=preferences, Content=session, DocumentType="Session")
    logs, group = client("logs"), "/cline/example/platform/session-logs"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="sato")
    client("s3").create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": region})
    policy = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:*", "Resource": "*"}
    client("s3").put_bucket_policy(Bucket="evidence", Policy=json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
    client("cloudtrail").create_trail(Name="example-platform", S3BucketName="evidence")
    client("cloudtrail").start_logging(Name="example-platform")
    rule("example-platform-session-events", region, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
    rule("example-platform-identity-events-us-east-1", "us-east-1", "ENABLED")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "config": {}, "layers": []})
    client("ecr").create_repository(repositoryName="cline/example/gateway")
    tag = hashlib.sha256(manifest.encode()).hexdigest()
    client("ecr").put_image(repositoryName="cline/example/gateway", imageManifest=manifest, imageTag=tag, imageDigest=f"sha256:{tag}")
    ecs = client("ecs")
    scratch = {"containerPath": "/tmp", "size": 512, "mountOptions": ["mode=1777"]}
    container = {"name": "gateway", "image": "x", "memory": 128, "linuxParameters": {"tmpfs": [scratch]}}
    for cluster, services in {
        "gateway": ["gateway"],
        "traces": ["langfuse", "langfuse-worker", "collector"],
    }.items():
        ecs.create_cluster(clusterName=f"example-platform-{cluster}")
        for name in (f"example-platform-{service}" for service in services):
            ecs.register_task_definition(family=name, containerDefinitions=[container])
            ecs.create_service(cluster=f"example-platform-{cluster}", serviceName=name, taskDefinition=name, desiredCount=2)


# Its log tells each request, with a traceback for each operation that it does not have.
logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
try:
    os.environ["AWS_ENDPOINT_URL"] = "http://{}:{}".format(*server.get_host_and_port())
    break_glass()
    rows, code = doctor()
    holds("an empty account", rows, empty)
    assert code == 1, "the missing bucket of packages fails"
    answered = {name for name in not_implemented if rows[name]["verdict"] != "unknown"}
    assert not answered, f"moto answers these now: {answered}"
    stand()
    holds("a platform stands", doctor()[0], standing)
finally:
    server.stop()
