// Reads BPMN files with bpmn-moddle, the parser of bpmn-js, and prints its warnings and what it writes back, as JSON.
// Usage: node check_with_moddle.mjs <node_modules> <file>...
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, ...files] = process.argv.slice(2);
const { BpmnModdle } = await import(pathToFileURL(`${modules}/bpmn-moddle/dist/index.js`));
const answers = [];
for (const file of files) {
  const moddle = new BpmnModdle();
  const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, 'utf8'));
  const { xml } = await moddle.toXML(rootElement, { format: true });
  answers.push({ warnings: warnings.map((warning) => warning.message), xml });
}
process.stdout.write(JSON.stringify(answers));
