import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { RawProps } from "./values";

/** Properties as a protobuf Struct. */
export const structOf = (props: RawProps): Struct => Struct.fromJavaScript(props);

/** Properties of a protobuf Struct; empty without one. */
export const propsOf = (struct: Struct | undefined): RawProps => struct?.toJavaScript() ?? {};
