export { AccessFoundation, type AccessFoundationArgs } from "./access-foundation";
export { DepartmentAccess, type DepartmentAccessArgs } from "./department-access";
