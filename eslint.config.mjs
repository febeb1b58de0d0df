import js from "@eslint/js";
import tseslint from "typescript-eslint";
import importX, { createNodeResolver } from "eslint-plugin-import-x";

const all = [
  "config",
  "components",
  "functions",
  "policy-pack",
  "offline",
  "bootstrap",
  "cli",
  "reports",
  "compose.ts",
  "index.ts",
];

/** Which rooms a room may import besides itself. Data flows one way: stack file, config, components, resources, outputs, reports. */
const mayImport = {
  config: [],
  "policy-pack": [],
  reports: [],
  offline: [],
  functions: ["config"],
  components: ["config"],
  "compose.ts": ["config", "components"],
  "index.ts": ["config", "components", "compose.ts"],
  bootstrap: ["config", "components"],
  cli: ["bootstrap", "config", "components", "functions", "offline", "reports"],
};

const zones = Object.entries(mayImport).flatMap(([target, allowed]) =>
  all
    .filter((from) => from !== target && !allowed.includes(from))
    .map((from) => ({
      target: `./${target}`,
      from: `./${from}`,
      message: `${target} does not import ${from}: docs/architecture.md shows which way data flows.`,
    })),
);

/** Resources that components make through the kit alone. */
const kitMakes = [
  "Role",
  "RolePolicy",
  "LogGroup",
  "MetricAlarm",
  "SecurityGroup",
  "SecurityGroupEgressRule",
  "SecurityGroupIngressRule",
];

export default tseslint.config(
  { ignores: ["**/node_modules", "**/dist", "coverage", ".cache"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".json"] })] },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["components/**/*.ts"],
    ignores: ["components/kit/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: `NewExpression[callee.property.name=/^(${kitMakes.join("|")})$/]`,
          message: "components/kit makes it: boundedRole, logGroup, alarm, securityGroup, reach, admit.",
        },
      ],
    },
  },
  {
    files: ["components/**/*.ts"],
    rules: { "max-lines-per-function": ["error", 60] },
  },
  {
    files: ["tests/**/*.ts", "policy-pack/tests/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["**/*.mjs", "**/*.js", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        fetch: "readonly",
        console: "readonly",
        Buffer: "readonly",
        URL: "readonly",
        require: "readonly",
        module: "readonly",
        __dirname: "readonly",
        setTimeout: "readonly",
        setInterval: "readonly",
        clearTimeout: "readonly",
        clearInterval: "readonly",
      },
    },
  },
);
