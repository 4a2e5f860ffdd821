// Signs in so often at once, each on a connection of its own that stands already, from a process of its own: whoever
// measures how long others take in the meantime must not be busy with this. Says `ready`, begins when told so, and prints
// how each was answered, as JSON.
const { once } = require('node:events');
const { Agent, request } = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');

/** `withinMs`: over how much time they are spread; 0: not at all. */
const [url, count, withinMs, ...users] = process.argv.slice(2);

function ask(agent, path, method, body = '') {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const begun = performance.now();
  return new Promise((resolve) => {
    const done = (answer) => resolve({ ...answer, ms: performance.now() - begun });
    request(url + path, { method, agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.once('end', () => {
        const { error_code: code = null } = JSON.parse(text || '{}');
        done({ status: answer.statusCode, code, retryAfter: answer.headers['retry-after'] ?? null });
      });
    })
      .once('error', ({ code }) => done({ status: 0, code, retryAfter: null }))
      .end(body);
  });
}

async function flood() {
  const agents = Array.from({ length: Number(count) }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  for (const agent of agents) await ask(agent, '/health/live', 'GET');
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  process.stdin.destroy();
  const answers = await Promise.all(
    agents.map(async (agent, number) => {
      if (withinMs !== '0') await wait((number / agents.length) * Number(withinMs));
      const body = JSON.stringify({ username: users[number % users.length], password: process.env.PASSWORD });
      return ask(agent, '/api/v1/auth/login', 'POST', body);
    }),
  );
  process.stdout.write(JSON.stringify(answers));
  for (const agent of agents) agent.destroy();
}

void flood();
