import type { FunctionPlan } from "../actions/function-plan";
import { useKey, type StackContext } from "../kit";
import { allow } from "../policy-document";

/** PostgreSQL's port. */
export const postgresPort = 5432;

/**
 * Creates database and owner of one cluster. `ownerSecret` is the name of a secret with the owner's
 * password; absent: IAM authentication.
 */
export const databaseSetup = (context: StackContext, purpose: string, ownerSecret?: string): FunctionPlan => ({
  purpose: "database-setup",
  physicalPurpose: `${purpose}-setup`,
  description: `Makes database and owner of ${purpose}`,
  place: "network",
  connects: { database: postgresPort },
  // The wait for the key of the passwords, and five minutes of work.
  timeout: 660,
  statements: [
    allow("ReadMasterPassword", {
      Action: "secretsmanager:GetSecretValue",
      Resource: context.arns.regional("secretsmanager", "secret:rds!cluster-*"),
      Condition: {
        StringEquals: {
          "aws:ResourceTag/aws:rds:primaryDBClusterArn": context.arns.regional(
            "rds",
            `cluster:${context.names.database(purpose)}`,
          ),
        },
      },
    }),
    ...(ownerSecret === undefined
      ? []
      : [
          allow("ReadOwnersPassword", {
            Action: "secretsmanager:GetSecretValue",
            Resource: context.arns.secret(ownerSecret),
          }),
        ]),
    useKey(context, { purpose: "secrets", via: "secretsmanager", actions: ["kms:Decrypt"] }),
  ],
});

/** The set-up functions of both clusters. */
export const databaseFunctions = ["gateway-database", "langfuse-database"].map(
  (purpose) => (context: StackContext) => databaseSetup(context, purpose),
);
