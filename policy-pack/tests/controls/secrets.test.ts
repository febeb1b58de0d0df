import {
  secretNoPlaintext,
  secretPolicyNotPublic,
  secretRotation,
  secretRotationInterval,
} from "../../src/controls/secrets";
import { UNKNOWN } from "../../src/frame/wire";
import { resourceCases, stackCases } from "./cases";
import { KEY_ID } from "./documents";

resourceCases(secretNoPlaintext, {
  compliant: {
    environment: {
      variables: {
        REGION: "us-east-1",
        MASTER_KEY_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a",
        MAX_TOKENS: "4096",
      },
    },
  },
  violations: {
    "an access key": { "environment.variables": { ID: KEY_ID } },
    "a password by its name": { "environment.variables": { DB_PASSWORD: "hunter2" } },
    "a salt by its name": { "environment.variables": { LITELLM_SALT: "0f3d9a7c2b8e4d61" } },
    "a Bedrock API key": { "environment.variables": { BEARER: `ABSK${"A".repeat(60)}` } },
    "one beside what is harmless": { "environment.variables": { A: "1", API_KEY: "9fK2mQ7xZp4vT1wR8sLd" } },
  },
  accepted: {
    "a switch": { "environment.variables": { TOKEN_AUTH: "true" } },
    "a place": {
      "environment.variables": {
        SECRET_NAME: "prod/db",
        PASSWORD_FILE: "/run/secret",
        TOKEN_URL: "https://example.com",
      },
    },
    "what is known only later": { "environment.variables": { BUCKET: UNKNOWN } },
    "a reference": {
      "environment.variables": { DB_PASSWORD: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a" },
    },
    nothing: { environment: undefined },
  },
});

resourceCases(secretNoPlaintext, {
  type: "aws:codebuild/project:Project",
  compliant: {
    environment: { environmentVariables: [{ name: "DB_PASSWORD", value: "prod/db", type: "SECRETS_MANAGER" }] },
  },
  violations: {
    "plain text": {
      "environment.environmentVariables[0]": { name: "DB_PASSWORD", value: "hunter2", type: "PLAINTEXT" },
    },
    "plain text by default": { "environment.environmentVariables[0]": { name: "DB_PASSWORD", value: "hunter2" } },
  },
});

resourceCases(secretNoPlaintext, {
  type: "aws:batch/jobDefinition:JobDefinition",
  compliant: { containerProperties: JSON.stringify({ environment: [{ name: "REGION", value: "a" }] }) },
  violations: {
    "a password": { containerProperties: JSON.stringify({ environment: [{ name: "PASSWORD", value: "a" }] }) },
  },
});

resourceCases(secretNoPlaintext, {
  type: "aws:apprunner/service:Service",
  compliant: {
    sourceConfiguration: { imageRepository: { imageConfiguration: { runtimeEnvironmentVariables: { REGION: "a" } } } },
  },
  violations: {
    "a token": {
      "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables": {
        API_TOKEN: "9fK2mQ7xZp4vT1wR8sLd",
      },
    },
  },
});

resourceCases(secretNoPlaintext, {
  type: "pulumi:providers:aws",
  compliant: { region: "us-east-1" },
  violations: { credentials: { accessKey: KEY_ID, secretKey: "x" } },
  presence: ["accessKey", "secretKey"],
});

const policyOf = (principal: unknown): string =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: principal, Action: "secretsmanager:GetSecretValue", Resource: "*" }],
  });
resourceCases(secretPolicyNotPublic, {
  compliant: {
    secretArn: "a",
    policy: policyOf({ AWS: "arn:aws:iam::111122223333:role/app" }),
    blockPublicPolicy: true,
  },
  violations: { everyone: { policy: policyOf("*") }, "a check that is off": { blockPublicPolicy: false } },
  accepted: { "AWS's default": { blockPublicPolicy: undefined } },
});

stackCases(secretRotation, {
  compliant: {
    secret: { type: "aws:secretsmanager/secret:Secret", name: "key" },
    rotation: {
      type: "aws:secretsmanager/secretRotation:SecretRotation",
      secretId: "key",
      rotationRules: { automaticallyAfterDays: 30 },
    },
  },
  violations: {
    "nothing that rotates it": { rotation: undefined },
    "another secret's rotation": { "rotation:secretId": "other" },
  },
});

resourceCases(secretRotationInterval, {
  compliant: { secretId: "key", rotationRules: { automaticallyAfterDays: 30 } },
  violations: {
    "longer than a quarter": { "rotationRules.automaticallyAfterDays": 91 },
    "no number": { "rotationRules.automaticallyAfterDays": "soon" },
    "a slow rate": { rotationRules: { scheduleExpression: "rate(180 days)" } },
    "once a year": { rotationRules: { scheduleExpression: "cron(0 8 1 1 ? *)" } },
    "in one year only": { rotationRules: { scheduleExpression: "cron(0 8 1 * ? 2027)" } },
    "every half year": { rotationRules: { scheduleExpression: "cron(0 8 1 1/6 ? *)" } },
    "a schedule that is none": { rotationRules: { scheduleExpression: "sometimes" } },
  },
  accepted: {
    "a quarter": { "rotationRules.automaticallyAfterDays": 90 },
    hours: { rotationRules: { scheduleExpression: "rate(4 hours)" } },
    "each month": { rotationRules: { scheduleExpression: "cron(0 16 1,15 * ? *)" } },
    "each second month": { rotationRules: { scheduleExpression: "cron(0 8 1 1/2 ? *)" } },
  },
});
