import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** One input property of the provider, with the interfaces its value may have. */
export interface Property {
  readonly name: string;
  readonly list: boolean;
  /** Qualified names (`ec2.InstanceRootBlockDevice`) of the object types; empty for plain values. */
  readonly refs: readonly string[];
}

/** The resource types of an installed provider package and the input types they are made of. */
export interface Schema {
  /** Type token → the inputs of the resource. */
  readonly resources: ReadonlyMap<string, readonly Property[]>;
  /** Qualified name → the members of the object type. */
  readonly objects: ReadonlyMap<string, readonly Property[]>;
}

/** Reads type tokens and inputs from a provider's npm package, by parsing its declaration files; nothing of it is run. */
export function readSchema(packageFolder: string): Schema {
  const objects = new Map<string, Property[]>();
  const file = parse(path.join(packageFolder, "types/input.d.ts"));
  for (const statement of file.statements) {
    if (!ts.isModuleDeclaration(statement) || statement.body === undefined || !ts.isModuleBlock(statement.body))
      continue;
    collect(statement.body, statement.name.text, objects);
  }
  const resources = new Map<string, Property[]>();
  for (const folder of readdirSync(packageFolder, { withFileTypes: true })) {
    if (!folder.isDirectory() || folder.name === "types" || folder.name === "node_modules") continue;
    for (const name of readdirSync(path.join(packageFolder, folder.name))) {
      if (!name.endsWith(".js")) continue;
      const source = path.join(packageFolder, folder.name, name);
      const token = /static __pulumiType = '([^']+)'/.exec(readFileSync(source, "utf8"))?.[1];
      if (token === undefined) continue;
      const args = `${token.split(":").at(-1) ?? ""}Args`;
      const declaration = parse(source.replace(/\.js$/, ".d.ts")).statements.find(
        (statement): statement is ts.InterfaceDeclaration =>
          ts.isInterfaceDeclaration(statement) && statement.name.text === args,
      );
      resources.set(token, declaration === undefined ? [] : membersOf(declaration));
    }
  }
  return { resources, objects };
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, false);
}

function collect(block: ts.ModuleBlock, prefix: string, objects: Map<string, Property[]>): void {
  for (const statement of block.statements) {
    if (ts.isInterfaceDeclaration(statement)) objects.set(`${prefix}.${statement.name.text}`, membersOf(statement));
    else if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)) {
      collect(statement.body, `${prefix}.${statement.name.text}`, objects);
    }
  }
}

function membersOf(declaration: ts.InterfaceDeclaration): Property[] {
  return declaration.members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return [];
    const refs = new Set<string>();
    let list = false;
    const visit = (node: ts.Node): void => {
      if (ts.isArrayTypeNode(node)) list = true;
      if (ts.isTypeReferenceNode(node)) {
        const name = nameOf(node.typeName);
        if (name.startsWith("inputs.")) refs.add(name.slice("inputs.".length));
      }
      ts.forEachChild(node, visit);
    };
    visit(member.type);
    return [{ name: (member.name as ts.Identifier).text, list, refs: [...refs] }];
  });
}

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}
