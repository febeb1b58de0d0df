import { arns, fit, type StackSpec } from "../../config";
import type { FunctionPlan } from "../actions/function-plan";
import { useKey } from "../key-use";
import { allow } from "../policy-document";

/** Port that PostgreSQL listens on. */
export const postgresPort = 5432;

/** RDS's identifier of a cluster: 60 characters at most, because `-a` and `-final` are appended. */
export const clusterIdentifier = (spec: StackSpec, purpose: string): string =>
  fit(60, spec.platform.organization, spec.stack, purpose);

/** Makes database and owner of one cluster. `ownerSecret` is the name of a secret with the owner's password; absent: IAM authentication. */
export const databaseSetup = (spec: StackSpec, purpose: string, ownerSecret?: string): FunctionPlan => ({
  purpose: "database-setup",
  physicalPurpose: `${purpose}-setup`,
  description: `Makes database and owner of ${purpose}`,
  place: "network",
  connects: { database: postgresPort },
  timeout: 300,
  statements: [
    allow("ReadMasterPassword", {
      Action: "secretsmanager:GetSecretValue",
      Resource: arns(spec).regional("secretsmanager", "secret:rds!cluster-*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/aws:rds:primaryDBClusterArn": arns(spec).regional(
            "rds",
            `cluster:${clusterIdentifier(spec, purpose)}`,
          ),
        },
      },
    }),
    ...(ownerSecret === undefined
      ? []
      : [
          allow("ReadOwnersPassword", {
            Action: "secretsmanager:GetSecretValue",
            Resource: arns(spec).secret(ownerSecret),
          }),
        ]),
    useKey(spec, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  ],
});

/** The set-up functions of both clusters. */
export const databaseFunctions = ["gateway-database", "langfuse-database"].map(
  (purpose) => (spec: StackSpec) => databaseSetup(spec, purpose),
);
