import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Whether execvp would find the program: a name is looked for in PATH, what holds a slash is a path. */
export const canRun = (program: string, path = ""): boolean => {
  if (program.includes("/")) return isExecutable(program);
  return path.split(delimiter).some((folder) => isExecutable(join(folder, program)));
};
