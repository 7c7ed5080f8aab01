// Compiles MJML documents with the official MJML, one for each line of standard input (a JSON string), and answers each
// with a line of JSON: the milliseconds that it took inside this process, and the length of the HTML.
const { createInterface } = require('node:readline');
const loaded = require('mjml');

const compile = loaded.default || loaded;

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const source = JSON.parse(line);
    const begin = performance.now();
    const { html } = await compile(source, { validationLevel: 'skip' });
    const milliseconds = performance.now() - begin;
    process.stdout.write(`${JSON.stringify({ milliseconds, length: html.length })}\n`);
  }
})();
