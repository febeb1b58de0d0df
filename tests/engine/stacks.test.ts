import { previewsAlike, standsAlike } from "./support/agreement";

for (const stack of ["platform", "engineering"] as const) {
  previewsAlike(stack);
  standsAlike(stack);
}
