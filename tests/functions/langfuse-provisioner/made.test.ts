import assert from "node:assert/strict";
import { z } from "zod";
import { accountInit, parseAccount, planAccount } from "../../../functions/langfuse-provisioner/account";
import { planInitContainers } from "../../../functions/langfuse-provisioner/init-containers";
import { parseSecret, planSecret, projectInit } from "../../../functions/langfuse-provisioner/project";

/** @throws AssertionError when the message repeats the secret's text, `hunter2` */
const says = (parse: () => unknown, pattern: RegExp) => {
  assert.throws(parse, (fault: Error) => pattern.test(fault.message) && !fault.message.includes("hunter2"));
};

describe("planSecret", () => {
  const wish = { department: "engineering", keepPromptText: false };

  it("keeps keys, and follows what the stack file changes", () => {
    const first = planSecret(wish, undefined);
    assert.match(first.publicKey, /^pk-lf-/);
    assert.match(first.secretKey, /^sk-lf-/);
    assert.deepEqual(planSecret(wish, first), first);
    assert.deepEqual(planSecret({ ...wish, keepPromptText: true }, first), { ...first, keepPromptText: true });
    assert.notEqual(planSecret(wish, undefined).secretKey, first.secretKey);
  });

  it("survives being stored, byte by byte, so that repeating writes nothing", () => {
    const text = JSON.stringify(planSecret(wish, undefined));
    assert.equal(JSON.stringify(planSecret(wish, parseSecret(text))), text);
  });

  it("drops the account that earlier releases kept with the keys", () => {
    const kept = planSecret(wish, undefined);
    const earlier = JSON.stringify({ ...kept, userEmail: "alerts@example.com", userPassword: "hunter2" });
    assert.deepEqual(planSecret(wish, parseSecret(earlier)), kept);
  });

  it("says what is wrong with a stored secret without repeating it", () => {
    says(() => parseSecret("hunter2"), /not JSON/);
    says(
      () => parseSecret(JSON.stringify({ department: "design", secretKey: "hunter2" })),
      /Langfuse secret of design lacks/,
    );
  });
});

describe("planAccount", () => {
  const wish = { department: "engineering", person: "sato" };

  it("gives each person and department an address of its own, as Langfuse's start and its form take one", () => {
    const { user, password } = planAccount(wish, undefined);
    assert.match(user, /^sato-[0-9a-f]{8}@engineering\.langfuse\.internal$/);
    assert.equal(user, user.toLowerCase(), "Langfuse compares addresses in lower case");
    assert.ok(password.length >= 32);
    const longest = { department: "a".repeat(20), person: `a${"-".repeat(29)}z` };
    // Langfuse checks both by zod's own pattern.
    for (const each of [wish, longest])
      assert.ok(z.email().max(254).safeParse(planAccount(each, undefined).user).success);
  });

  it("keeps a stored account, and never repeats one whose secret is gone: Langfuse keeps the old password", () => {
    const first = planAccount(wish, undefined);
    assert.deepEqual(planAccount(wish, parseAccount(JSON.stringify(first), wish)), first);
    assert.notEqual(planAccount(wish, undefined).user, first.user);
  });

  it("says whose stored account is wrong without repeating it", () => {
    says(() => parseAccount("hunter2", wish), /account of sato of engineering is not JSON/);
    says(() => parseAccount(JSON.stringify({ password: "hunter2" }), wish), /account of sato of engineering lacks/);
  });
});

describe("planInitContainers", () => {
  const web = {
    name: "langfuse",
    environment: [{ name: "A", value: "1" }],
    secrets: [{ name: "SALT", valueFrom: "arn:salt" }],
    portMappings: [{}],
  };
  const proxy = { name: "proxy", environment: [], secrets: [], portMappings: [{ containerPort: 3443 }] };
  const project = projectInit({ department: "engineering", keepPromptText: false }, "arn:secret");
  const sato = { department: "engineering", person: "sato" };
  const account = accountInit(sato, { user: "sato-1@engineering.langfuse.internal", password: "hunter2" }, "arn:own");
  const variables = (made: { readonly name: string; readonly value?: string; readonly valueFrom?: string }[]) =>
    Object.fromEntries(made.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));

  it("adds the department's project to Langfuse's own container, its secrets by reference only", () => {
    const [made] = planInitContainers([web], project);
    assert.ok(made);
    assert.equal(made.name, "langfuse");
    assert.deepEqual(variables(made.environment), {
      A: "1",
      LANGFUSE_INIT_ORG_ID: "engineering",
      LANGFUSE_INIT_ORG_NAME: "engineering",
      LANGFUSE_INIT_PROJECT_ID: "engineering",
      LANGFUSE_INIT_PROJECT_NAME: "engineering",
    });
    assert.deepEqual(variables(made.secrets), {
      SALT: "arn:salt",
      LANGFUSE_INIT_PROJECT_PUBLIC_KEY: "arn:secret:publicKey::",
      LANGFUSE_INIT_PROJECT_SECRET_KEY: "arn:secret:secretKey::",
    });
  });

  it("adds a person's account to the department's organization and to no other, the password by reference only", () => {
    const [made] = planInitContainers([web], account);
    assert.ok(made);
    assert.deepEqual(variables(made.environment), {
      A: "1",
      LANGFUSE_INIT_ORG_ID: "engineering",
      LANGFUSE_INIT_ORG_NAME: "engineering",
      LANGFUSE_INIT_USER_EMAIL: "sato-1@engineering.langfuse.internal",
      LANGFUSE_INIT_USER_NAME: "sato",
    });
    assert.deepEqual(variables(made.secrets), {
      SALT: "arn:salt",
      LANGFUSE_INIT_USER_PASSWORD: "arn:own:password::",
    });
    assert.ok(!JSON.stringify(made).includes("hunter2"));
  });

  it("keeps the containers that serve it, in their order, and takes no port", () => {
    const made = planInitContainers([proxy, web], project);
    assert.deepEqual(made[0], { ...proxy, portMappings: [] });
    assert.deepEqual(made[1]!.portMappings, []);
    assert.throws(() => planInitContainers([proxy], project), /no container "langfuse"/);
  });
});
