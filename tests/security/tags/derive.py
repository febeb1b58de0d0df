"""Writes tag-rules.json: what each service's own API model says of a tag's key and value. Run with botocore 1.44.8 (tests/gateway/requirements.txt)."""

import json
import pathlib
import sys

import botocore
import botocore.session

# Pulumi's type: botocore's service, the operation that takes the tags, and the path of the list or map in its input.
CALLS = {
    "acm/certificate": ("acm", "RequestCertificate", "Tags"),
    "appautoscaling/target": ("application-autoscaling", "RegisterScalableTarget", "Tags"),
    "bedrock/inferenceProfile": ("bedrock", "CreateInferenceProfile", "tags"),
    "budgets/budget": ("budgets", "CreateBudget", "ResourceTags"),
    "cloudtrail/trail": ("cloudtrail", "CreateTrail", "TagsList"),
    "cloudwatch/eventRule": ("events", "PutRule", "Tags"),
    "cloudwatch/logGroup": ("logs", "CreateLogGroup", "tags"),
    "cloudwatch/compositeAlarm": ("cloudwatch", "PutCompositeAlarm", "Tags"),
    "cloudwatch/metricAlarm": ("cloudwatch", "PutMetricAlarm", "Tags"),
    "codebuild/project": ("codebuild", "CreateProject", "tags"),
    "costexplorer/anomalyMonitor": ("ce", "CreateAnomalyMonitor", "ResourceTags"),
    "costexplorer/anomalySubscription": ("ce", "CreateAnomalySubscription", "ResourceTags"),
    "dlm/lifecyclePolicy": ("dlm", "CreateLifecyclePolicy", "Tags"),
    "ebs": ("ec2", "CreateTags", "Tags"),
    "ec2": ("ec2", "CreateTags", "Tags"),
    "vpc": ("ec2", "CreateTags", "Tags"),
    "ecr/repository": ("ecr", "CreateRepository", "tags"),
    "ecs": ("ecs", "CreateCluster", "tags"),
    "elasticache": ("elasticache", "CreateReplicationGroup", "Tags"),
    "iam": ("iam", "CreateRole", "Tags"),
    "kms/key": ("kms", "CreateKey", "Tags"),
    "lambda/function": ("lambda", "CreateFunction", "Tags"),
    "lb": ("elbv2", "CreateLoadBalancer", "Tags"),
    "rds": ("rds", "CreateDBCluster", "Tags"),
    "route53/zone": ("route53", "ChangeTagsForResource", "AddTags"),
    "route53": ("route53resolver", "CreateFirewallDomainList", "Tags"),
    "s3/bucketObject": ("s3", "PutObjectTagging", "Tagging.TagSet"),
    "s3": ("s3", "PutBucketTagging", "Tagging.TagSet"),
    "secretsmanager/secret": ("secretsmanager", "CreateSecret", "Tags"),
    "servicediscovery": ("servicediscovery", "CreatePrivateDnsNamespace", "Tags"),
    "sns/topic": ("sns", "CreateTopic", "Tags"),
    "sqs/queue": ("sqs", "CreateQueue", "tags"),
    "ssm/document": ("ssm", "CreateDocument", "Tags"),
}


def rule(shape):
    metadata = shape.metadata
    return {name: metadata[name] for name in ("min", "max", "pattern") if name in metadata}


def described(service, operation, path):
    shape = session.get_service_model(service).operation_model(operation).input_shape
    for part in path.split("."):
        shape = shape.members[part]
    if shape.type_name == "map":
        key, value = shape.key, shape.value
    else:
        members = {name.lower(): member for name, member in shape.member.members.items()}
        key = members.get("key") or members["tagkey"]
        value = members.get("value") or members["tagvalue"]
    return {"service": service, "operation": operation, "key": rule(key), "value": rule(value), **({"most": shape.metadata["max"]} if "max" in shape.metadata else {})}


session = botocore.session.get_session()
rules = {kind: described(*call) for kind, call in CALLS.items()}
text = json.dumps({"source": f"botocore {botocore.__version__}", "rules": rules}, indent=2, ensure_ascii=False)
pathlib.Path(sys.argv[1]).write_text(text + "\n")
