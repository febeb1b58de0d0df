export { FunctionSchedule, type FunctionScheduleArgs } from "./function-schedule";
export { LambdaFunction, type LambdaFunctionArgs } from "./lambda-function";
