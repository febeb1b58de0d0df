import assert from "node:assert/strict";
import { Channel } from "./support/channel";
import { encode, payload } from "./support/wire";

describe("the stand-in's data channel", () => {
  it("hands on each message once and in order, whatever a lost socket kept back", () => {
    const taken: string[] = [];
    const channel = new Channel("tanaka-1", ({ data }) => taken.push(data.toString()));
    for (const sequence of [0, 2, 2, 3, 1, 0, 4])
      channel.take(encode("input_stream_data", sequence, payload.output, Buffer.from(String(sequence))));
    assert.deepEqual(taken, ["0", "1", "2", "3", "4"]);
  });
});
