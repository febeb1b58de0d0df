import { contextOf } from "../../../components/context-of";
import { batchModels } from "../../../components/gateway/batch";
import type { BatchModels } from "../../../config";
import { platformSpec } from "../../support/specs";

/** The fixture platform's models as batches use them: light costs $.55 and $2.75, standard $1.10 and $5.50 per million tokens. */
export const models: BatchModels = batchModels(contextOf(platformSpec()), platformSpec().platform);

/** One line of a request file. */
export const line = (
  id: string,
  body: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
) =>
  JSON.stringify({
    custom_id: id,
    body: { model: "light", messages: [{ role: "user", content: "Say hello." }], max_tokens: 100, ...body },
    ...more,
  });

/** A request file of `count` records. */
export const requestFile = (count: number, body: Readonly<Record<string, unknown>> = {}): string =>
  Array.from({ length: count }, (_, index) => `${line(`r${String(index)}`, body)}\n`).join("");
