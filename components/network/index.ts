export { keepHomeZones } from "./home-zones";
export { GatewayLink, type GatewayLinkArgs } from "./gateway-link";
export { PrivateNetwork, type PrivateNetworkArgs } from "./private-network";
