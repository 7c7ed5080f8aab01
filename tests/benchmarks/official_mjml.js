// Compiles with the official MJML: each line of standard input is a document as a JSON string, each line of standard
// output the milliseconds that this process took for it, and how long the HTML is.
const { createInterface } = require('node:readline');
const loaded = require('mjml');

const compile = loaded.default || loaded;

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const source = JSON.parse(line);
    const begin = performance.now();
    const { html } = await compile(source);
    const milliseconds = performance.now() - begin;
    process.stdout.write(`${JSON.stringify({ milliseconds, length: html.length })}\n`);
  }
})();
