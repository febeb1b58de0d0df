export { FunctionSchedule, type FunctionScheduleArgs } from "./function-schedule";
export { LambdaFunction, type LambdaFunctionArgs, type Reach } from "./lambda-function";
