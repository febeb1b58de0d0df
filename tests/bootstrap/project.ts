import { fixtureStacks, testProject } from "../support/project";

/** Makes the project of the fixtures' stack files for the drill of `doctor`, and prints its folder; the caller removes it. */
process.stdout.write(testProject(fixtureStacks()).root);
