import { execFileSync } from "node:child_process";
import path from "node:path";

describe("the copying build's script", () => {
  it("is what shellcheck accepts", () => {
    execFileSync("shellcheck", [path.join(__dirname, "../../components/artifacts/mirror.sh")]);
  });
});
