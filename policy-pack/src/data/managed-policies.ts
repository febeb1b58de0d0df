import { readFileSync } from "node:fs";
import path from "node:path";

/** What each AWS-managed policy grants, as far as the pack asks; `scripts/managed-table.ts` makes it. */
export interface ManagedPolicies {
  /** The package, with its version, that carries the policies' whole documents. */
  readonly source: string;
  /** Date of the newest document among them. */
  readonly newest: string;
  /** The actions that policies of the pack ask for; statements keep no others but wildcards. */
  readonly judged: readonly string[];
  /** Statements by the policy's name. */
  readonly policies: Readonly<Record<string, readonly object[]>>;
}

let table: ManagedPolicies | undefined;

/** The table. The first call reads its file, which lies beside this one and beside the bundle. */
export function managedPolicies(): ManagedPolicies {
  table ??= JSON.parse(readFileSync(path.join(__dirname, "aws-managed-policies.json"), "utf8")) as ManagedPolicies;
  return table;
}

/**
 * Policies that AWS has withdrawn and that opened a shell or ran commands; who had one attached
 * keeps it. Source: the documents as of March 2026 (github.com/zoph-io/MAMIP).
 */
export const WITHDRAWN_SHELLS: ReadonlySet<string> = new Set([
  "AmazonApplicationWizardFullaccess",
  "AmazonEC2ContainerServiceFullAccess",
  "AmazonLambdaRolePolicyForLaunchWizardSAP",
  "AmazonLaunchWizard_Fullaccess",
  "AmazonLaunchWizardFullaccess",
  "AWSBudgetsActionsRolePolicyForResourceAdministrationWithSSM",
  "AWSElasticBeanstalkFullAccess",
  "AWSMarketplaceImageBuildFullAccess",
  "AWSOpsWorksCMServiceRole",
  "ServerMigration_ServiceRole",
  "ServerMigrationServiceRole",
]);
