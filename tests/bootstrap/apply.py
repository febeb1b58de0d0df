"""Applies the template to moto's CloudFormation and holds what stands there against the program's own names."""

import json
import os
import pathlib
import sys

# moto reads the account's id when it is imported.
os.environ |= {"MOTO_ACCOUNT_ID": "111122223333", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}

import boto3  # noqa: E402
import yaml  # noqa: E402
from moto import mock_aws  # noqa: E402

folder = pathlib.Path(sys.argv[1])
names = json.loads((folder / "names.json").read_text())


def client(service):
    return boto3.client(service, region_name=names["region"])


def stands(what, found, wanted):
    assert found == wanted, f"{what}: found {found}; wanted {wanted}"
    print(f"1 passed: {what}")


template = yaml.safe_load((folder / "github.yaml").read_text())
# moto 5.2.5 reads a key's tags under KMS's own names (TagKey), where CloudFormation has Key.
del template["Resources"]["StateKey"]["Properties"]["Tags"]

with mock_aws():
    client("cloudformation").create_stack(
        StackName="bootstrap", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    stack = client("cloudformation").describe_stacks(StackName="bootstrap")["Stacks"][0]
    stands("the stack", stack["StackStatus"], "CREATE_COMPLETE")
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    stands("the backend's URL", outputs["BackendUrl"], names["url"])
    stands("the secrets provider", outputs["SecretsProvider"], names["secretsProvider"])
    roles = sorted(role["Arn"] for role in client("iam").list_roles(PathPrefix="/cline/")["Roles"])
    stands("the roles", roles, sorted(names["roles"]))
    stands("the deployer's output", outputs["DeployRoleArn"], names["roles"][0])
    aliases = [each["AliasName"] for each in client("kms").list_aliases()["Aliases"]]
    stands("the key's alias", names["keyAlias"] in aliases, True)
    # moto 5.2.5 takes a bucket's name from CloudFormation, not its settings or policy: template.test.ts holds those.
    stands("the bucket", [each["Name"] for each in client("s3").list_buckets()["Buckets"]], [names["bucket"]])
