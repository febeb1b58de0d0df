export { DepartmentGateway, type DepartmentGatewayArgs } from "./department-gateway";
export { GatewayCluster, type GatewayClusterArgs } from "./gateway-cluster";
export { VirtualKey, type VirtualKeyArgs } from "./virtual-key";
