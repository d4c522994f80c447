// node serve.mjs ROOT PORT HOST: the serving part of tools/serve.

import { serve } from './server.mjs';

const [root, port, host] = process.argv.slice(2);

function explain(error) {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is in use: stop the other program, or take another port (tools/serve --port ${Number(port) + 1}).`;
    case 'EACCES':
      return `this user may not listen on port ${port}: take one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `this machine has no address ${host}.`;
    default:
      return error.message;
  }
}

try {
  const server = await serve({ root, port: Number(port), host });
  console.log(`The page is at ${server.url}   (Ctrl-C ends)`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => server.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(`error: ${explain(error)}`);
  process.exit(1);
}
