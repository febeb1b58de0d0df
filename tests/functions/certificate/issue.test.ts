import assert from "node:assert/strict";
import { generateKeyPairSync, sign as signWith, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { issue, renewBefore, serverDays, stillGood, type Issued } from "../../../functions/certificate/issue";
import type { Authority } from "../../../functions/certificate/x509";
import { send } from "../../../functions/shared/http";

const day = 24 * 3_600_000;

/** An authority whose key is here, where KMS keeps the real one. */
function authority(domain = "localhost"): Authority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    name: "Cline Landing Zone authority test",
    publicKey: publicKey.export({ type: "spki", format: "der" }),
    domain,
    sign: (tbs) => Promise.resolve(signWith("sha256", tbs, privateKey)),
  };
}
/** A certificate for the authority's own domain. */
const issued = (from: Authority, before: Issued | undefined, now: Date) => issue(from, from.domain, before?.chain, now);

describe("certificate", () => {
  it("is one that TLS accepts with the authority, and with nothing else", async () => {
    const one = authority();
    const { certificate, chain, privateKey } = await issued(one, undefined, new Date());
    const server = createServer({ cert: certificate, key: privateKey }, (_request, response) => response.end("{}"));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
    try {
      assert.equal((await send({ method: "GET", url, ca: chain })).status, 200);
      await assert.rejects(send({ method: "GET", url }), /unable to verify/);
      const { chain: stranger } = await issued(authority(), undefined, new Date());
      await assert.rejects(send({ method: "GET", url, ca: stranger }));
      await assert.rejects(send({ method: "GET", url: url.replace("localhost", "127.0.0.1"), ca: chain }), /altnames/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("cannot be made for another name by the authority's key, whoever trusts the authority", async () => {
    const one = authority("gateway.platform.example.cline.internal");
    const { chain } = await issued(one, undefined, new Date());
    const forged = await issue(one, "localhost", chain, new Date());
    assert.equal(forged.chain, chain);
    const server = createServer({ cert: forged.certificate, key: forged.privateKey }, (_request, response) =>
      response.end("{}"),
    );
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = `https://localhost:${String((server.address() as AddressInfo).port)}/`;
    try {
      await assert.rejects(send({ method: "GET", url, ca: chain }), /permitted subtree violation/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("is X.509 as asked: key usage, one host, the authority above it", async () => {
    const one = authority("gateway.platform.example.cline.internal");
    const now = new Date("2026-11-22T00:00:00Z");
    const { certificate, chain } = await issued(one, undefined, now);
    const [server, ca] = [new X509Certificate(certificate), new X509Certificate(chain)];
    assert.equal(ca.ca, true);
    assert.equal(server.ca, false);
    assert.ok(server.checkIssued(ca));
    assert.ok(ca.verify(ca.publicKey));
    assert.equal(server.subjectAltName, "DNS:gateway.platform.example.cline.internal");
    assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(Math.round((Date.parse(server.validTo) - now.getTime()) / day), serverDays);
  });

  it("is renewed in time, with a new key, below the authority that is trusted already", async () => {
    const one = authority();
    const made = new Date("2026-11-22T00:00:00Z");
    const first = await issued(one, undefined, made);
    const later = (days: number) => new Date(made.getTime() + days * day);
    assert.equal(stillGood(first, one, one.domain, later(serverDays - renewBefore - 1)), true);
    assert.equal(stillGood(first, one, one.domain, later(serverDays - renewBefore + 1)), false);
    const second = await issued(one, first, later(60));
    assert.equal(second.chain, first.chain);
    assert.notEqual(second.privateKey, first.privateKey);
    assert.ok(new X509Certificate(second.certificate).verify(new X509Certificate(first.chain).publicKey));
    const last = await issued(one, first, later(3400));
    assert.notEqual(last.chain, first.chain);
    assert.ok(new X509Certificate(last.certificate).verify(new X509Certificate(first.chain).publicKey), "same key");
  });

  it("is not good for another host or under another authority", async () => {
    const one = authority();
    const now = new Date();
    const first = await issued(one, undefined, now);
    assert.equal(stillGood(first, one, "other.internal", now), false);
    assert.equal(stillGood(first, authority(), "localhost", now), false);
  });
});
