/** What a browser without a past does with redirects, with one jar for all cookies. Ends at the first address that is `there`. */
export async function followedTo(from: URL, there: (url: URL) => boolean): Promise<URL> {
  const cookies = new Map<string, string>();
  let at = from;
  for (let steps = 0; steps < 20; steps++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`Ended with ${answer.status} at ${at.pathname}: ${await answer.text()}`);
    await answer.body?.cancel();
    at = new URL(location, at);
    if (there(at)) return at;
  }
  throw new Error(`Redirects without an end, from ${from.origin}`);
}
