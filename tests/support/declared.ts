import { departmentState, platformState, type DepartmentState, type ModelTier, type PlatformState } from "../../config";
import { departmentSpec, platformSpec, type Config } from "./specs";

/** Declared state of the fixture platform. */
export const declaredPlatform = (overrides: Config = {}): PlatformState => platformState(platformSpec(overrides));

/**
 * Declared state of the fixture department `engineering`, with a profile for each of its models.
 */
export function declaredDepartment(overrides: Config = {}, platformOverrides: Config = {}): DepartmentState {
  const { department } = departmentSpec(overrides, platformOverrides);
  if (!department) throw new Error("the fixture is a department");
  const arn = (tier: ModelTier) => `arn:aws:bedrock:ap-northeast-1:111122223333:application-inference-profile/${tier}1`;
  return departmentState(department, Object.fromEntries(department.models.map((tier) => [tier, arn(tier)])));
}
