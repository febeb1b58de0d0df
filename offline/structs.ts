import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { RawProps } from "./values";

/** Properties as the message that carries them. */
export const structOf = (props: RawProps): Struct => Struct.fromJavaScript(props);

/** Properties out of the message; none out of no message. */
export const propsOf = (struct: Struct | undefined): RawProps => struct?.toJavaScript() ?? {};
