import assert from "node:assert/strict";
import { tasksOf, writingFaults, type Container } from "./writable";

const linuxParameters = {
  capabilities: { drop: ["ALL"] },
  tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw", "mode=1777"] }],
};
const mount = (readOnly: boolean) => [{ sourceVolume: "config", containerPath: "/etc/x", readOnly }];
const filler: Container = {
  name: "filler",
  user: "0:0",
  readonlyRootFilesystem: true,
  linuxParameters,
  mountPoints: mount(false),
  environment: [
    { name: "HOME", value: "/tmp" },
    { name: "CONFIG_FOLDER", value: "/etc/x" },
  ],
};
const reader: Container = {
  name: "reader",
  user: "65534:65534",
  readonlyRootFilesystem: true,
  linuxParameters,
  mountPoints: mount(true),
  dependsOn: [{ containerName: "filler", condition: "SUCCESS" }],
  environment: [{ name: "LITELLM_MIGRATION_DIR", value: "/tmp/migrations" }],
};

describe("who writes where on Fargate", () => {
  it("finds no fault in a volume that root fills, and another reads when it is full", () => {
    assert.deepEqual(writingFaults([filler, reader], ["config"]), []);
  });

  const faults: Readonly<Record<string, readonly [Partial<Container>, Partial<Container>, RegExp]>> = {
    "a volume that another user than root writes to": [{ user: "65534:65534" }, {}, /belongs to root/],
    "a volume that the image's own user writes to": [{ user: undefined } as never, {}, /user of the image writes/],
    "a reader that mounts it writable": [{}, { mountPoints: mount(false) }, /reader: config belongs to root/],
    "a reader that waits for nobody": [{}, { dependsOn: [] }, /reader: nobody has filled config/],
    "a reader that waits for the start alone": [
      {},
      { dependsOn: [{ containerName: "filler", condition: "START" }] },
      /nobody has filled/,
    ],
    "a volume that nobody fills": [{ mountPoints: mount(true) }, {}, /filler: nobody has filled config/],
    "a writable root": [{}, { readonlyRootFilesystem: false }, /root file system is writable/],
    "capabilities that are kept": [{ linuxParameters: { tmpfs: linuxParameters.tmpfs } }, {}, /keeps capabilities/],
    "a capability that is added": [
      { linuxParameters: { ...linuxParameters, capabilities: { drop: ["ALL"], add: ["CHOWN"] } } },
      {},
      /keeps capabilities/,
    ],
    "memory that has the folder's own mode": [
      {},
      { linuxParameters: { ...linuxParameters, tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["rw"] }] } },
      /\/tmp is no tmpfs/,
    ],
    "memory without a size": [
      {},
      { linuxParameters: { ...linuxParameters, tmpfs: [{ containerPath: "/tmp", mountOptions: ["mode=1777"] }] } },
      /\/tmp is no tmpfs/,
    ],
    "a program that is told to write elsewhere": [
      {},
      { environment: [{ name: "LITELLM_MIGRATION_DIR", value: "/tmpx/migrations" }] },
      /LITELLM_MIGRATION_DIR is \/tmpx/,
    ],
    "a program that is told to write to what it may only read": [
      {},
      { environment: [{ name: "HOME", value: "/etc/x" }] },
      /HOME is \/etc\/x/,
    ],
  };
  for (const [what, [first, second, expected]] of Object.entries(faults)) {
    it(`finds ${what}`, () => {
      assert.match(
        writingFaults(
          [
            { ...filler, ...first },
            { ...reader, ...second },
          ],
          ["config"],
        ).join("\n"),
        expected,
      );
    });
  }

  it("finds a volume that nobody mounts, and a mount without a volume", () => {
    assert.match(writingFaults([filler, reader], ["config", "tmp"]).join(), /nobody mounts the volume tmp/);
    assert.match(writingFaults([filler, reader], []).join(), /the task has no volume config/);
  });
  it("reads the one-off task of Langfuse as well", () => {
    assert.equal(
      tasksOf("example-platform-langfuse", JSON.stringify([filler, { ...filler, name: "langfuse" }])).length,
      2,
    );
    assert.equal(tasksOf("example-platform-collector", JSON.stringify([filler])).length, 1);
  });
});
