import { denyDocumentStart, stopPolicyName } from "../cost/stop-policy";
import type { StackContext } from "../kit";
import { byRole, call, notBy, type EventRulePlan } from "./event-rule";

const budgetStop = byRole([{ suffix: "-budget-stop" }]);

/** Events of IAM, forwarded from the region they arrive in. */
const identityEvents = (deployer: string): EventRulePlan => ({
  noun: "identity-events",
  description: "IAM users, keys, roles, boundaries, identity providers or trust policies changed",
  sources: ["aws.iam"],
  detailType: call,
  global: true,
  detail: {
    $or: [
      {
        eventName: [
          ...["CreateUser", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile"],
          ...["CreateServiceSpecificCredential", "ResetServiceSpecificCredential"],
          ...["DeactivateMFADevice", "DeleteVirtualMFADevice", "DeleteRolePermissionsBoundary"],
          ...[
            "CreateOpenIDConnectProvider",
            "AddClientIDToOpenIDConnectProvider",
            "CreateSAMLProvider",
            "UpdateSAMLProvider",
          ],
        ],
      },
      // A deployment changes roles and trust when a department comes or goes.
      ...notBy(deployer).map((others) => ({
        eventName: [
          ...["CreateRole", "UpdateAssumeRolePolicy", "PutRolePermissionsBoundary"],
          ...["SetDefaultPolicyVersion", "AddUserToGroup"],
        ],
        ...others,
      })),
    ],
  },
});

/**
 * The budget stop wrote or removed anything but its deny document. IAM has no condition on a
 * policy's content; so only the boundary limits what the function could write, and this tells.
 */
const stopEvents: EventRulePlan = {
  noun: "stop-events",
  description: "The budget stop changed a policy in another way than stopping departments",
  sources: ["aws.iam"],
  detailType: call,
  global: true,
  detail: {
    eventName: ["PutRolePolicy", "DeleteRolePolicy"],
    ...budgetStop,
    $or: [
      { requestParameters: { policyName: [{ "anything-but": [stopPolicyName] }] } },
      { requestParameters: { policyDocument: [{ "anything-but": { prefix: denyDocumentStart } }] } },
      // A second statement that grants; JSON can also spell a letter by its number.
      { requestParameters: { policyDocument: [{ wildcard: "*Allow*" }, { wildcard: "*\\\\u*" }] } },
    ],
  },
};

/** The budget stop acted: people hear it from IAM as well, whatever became of the function's own mail. */
const stopApplied: EventRulePlan = {
  noun: "stop-applied",
  description: "The budget stop stopped departments, or let them go on",
  sources: ["aws.iam"],
  detailType: call,
  global: true,
  detail: {
    eventName: ["PutRolePolicy", "DeleteRolePolicy"],
    ...budgetStop,
    requestParameters: { policyName: [stopPolicyName] },
  },
};

/** The break-glass role, or the deployer's by anybody but the protected workflow, was taken: what `break-glass` tells later. */
function roleEvents({ arns, names }: StackContext, workflow: string | undefined): EventRulePlan {
  const taken = (name: string, by: object = {}) => ({ requestParameters: { roleArn: [arns.role(name)] }, ...by });
  const others =
    workflow === undefined
      ? [{}]
      : [[{ "anything-but": [workflow] }], [{ exists: false }]].map((userName) => ({ userIdentity: { userName } }));
  return {
    noun: "role-events",
    description: "The break-glass role, or the deployer's role by hand, was taken on",
    sources: ["aws.sts"],
    detailType: call,
    global: true,
    detail: {
      eventName: [{ prefix: "AssumeRole" }],
      errorCode: [{ exists: false }],
      $or: [taken(names.breakGlassRole()), ...others.map((by) => taken(names.deployerRole(), by))],
    },
  };
}

/** Events of identities that people hear of within seconds. */
export const planIdentityEvents = (context: StackContext, workflow: string | undefined): readonly EventRulePlan[] => [
  identityEvents(context.names.deployerRole()),
  stopEvents,
  stopApplied,
  roleEvents(context, workflow),
];
