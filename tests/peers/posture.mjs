// Validates postures against the schema with readers of YAML and of JSON Schema that nobody here wrote.
// In: the schema on the first line, then one posture's YAML a line, each as a JSON string. Out: "yes", or the first error, a line each.
import { createInterface } from 'node:readline';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

let validate;
for await (const line of createInterface({ input: process.stdin })) {
  const text = JSON.parse(line);
  if (!validate) {
    validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(text));
    continue;
  }
  try {
    console.log(validate(parse(text)) ? 'yes' : `${validate.errors[0].instancePath} ${validate.errors[0].message}`);
  } catch (unreadable) {
    console.log(unreadable.message.split('\n')[0]);
  }
}
