import { NodeKeyMaker } from './node-key-maker';

describe('a signing key that is made', () => {
  it('has an id that no command line takes for an option', async () => {
    const maker = new NodeKeyMaker();
    const kids: string[] = [];
    for (let made = 0; made < 500; made += 1) kids.push((await maker.make('EdDSA')).kid);
    expect(kids.filter((kid) => kid.startsWith('-'))).toEqual([]);
    expect(new Set(kids).size).toBe(500);
  });
});
