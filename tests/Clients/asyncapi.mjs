// Says what is wrong with an AsyncAPI document; ends with 1 when something is.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(await readFile(process.argv[2], "utf8"));
const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 0);
for (const { path, message } of errors) console.error(`${path.join("/")}: ${message}`);
console.log(`${document?.allMessages().length ?? 0} messages`);
process.exit(errors.length === 0 && document ? 0 : 1);
