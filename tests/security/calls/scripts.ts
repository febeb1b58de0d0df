import assert from "node:assert/strict";
import { impliedBy, programs } from "./documented";

/** Actions of the AWS CLI's commands that our scripts use. */
const commands: Readonly<Record<string, readonly string[]>> = {
  "cloudwatch put-metric-data": ["cloudwatch:PutMetricData"],
  "ecr describe-images": ["ecr:DescribeImages"],
  "ecr get-login-password": ["ecr:GetAuthorizationToken"],
  "s3api list-objects-v2": ["s3:ListBucket"],
  "secretsmanager get-secret-value": ["secretsmanager:GetSecretValue"],
};

/** boto3's methods that our scripts use, by client. */
const methods: Readonly<Record<string, readonly string[]>> = { "s3 get_object": ["s3:GetObject"] };

/** Other programs by the line that starts them. */
const started: readonly (readonly [RegExp, string])[] = [
  [/amazon-cloudwatch-agent-ctl/, "CloudWatch agent"],
  [/docker pull/, "docker pull"],
  [/docker buildx imagetools create/, "docker push"],
  [/--log-driver awslogs/, "docker awslogs"],
];

/** `aws s3 cp`: an upload where the target is S3, a download where the source is. */
function copies(text: string): readonly string[] {
  const lines = [...text.matchAll(/(?:aws s3 cp --only-show-errors|\bcopy) (.+)/g)].map(([, rest = ""]) => rest);
  return lines
    .filter((rest) => rest.includes("s3://"))
    .map((rest) => (/^"?s3:\/\//.test(rest.trim()) ? "s3:GetObject" : "s3:PutObject"));
}

/** Actions of shell and Python text: a script, user data, a build's commands or a container's. */
export function scriptActions(written: string): ReadonlySet<string> {
  // cloud-init's files are JSON inside the user data: their line ends are two characters.
  const text = written.replaceAll("\\n", "\n");
  const cli = [...text.matchAll(/\baws ([a-z0-9]+) ([a-z0-9-]+)/g)]
    .map(([, service = "", command = ""]) => `${service} ${command}`)
    .filter((command) => command !== "s3 cp");
  const clientsByName = [...text.matchAll(/(\w+) = boto3\.client\(\\*"(\w+)\\*"/g)];
  const boto = clientsByName.flatMap(([, name = "", service = ""]) =>
    [...text.matchAll(new RegExp(`\\b${name}\\.([a-z_]+)\\(`, "g"))].map(([, method = ""]) => `${service} ${method}`),
  );
  const unknown = [...cli.filter((each) => !(each in commands)), ...boto.filter((each) => !(each in methods))];
  assert.deepEqual(unknown, [], "commands: say here what IAM calls them");
  const direct = [
    ...cli.flatMap((each) => commands[each] ?? []),
    ...boto.flatMap((each) => methods[each] ?? []),
    ...copies(text),
    ...started.filter(([line]) => line.test(text)).flatMap(([, program]) => programs[program]?.actions ?? []),
  ];
  return impliedBy(direct, text);
}
