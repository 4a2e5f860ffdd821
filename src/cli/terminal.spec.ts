import { PassThrough } from 'node:stream';
import { Terminal } from './terminal';

describe('a question at the terminal', () => {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  const shown = jest.spyOn(process.stderr, 'write');
  const standardInput = (text: string, isTTY: boolean): void => {
    const stdin = Object.assign(new PassThrough(), { isTTY });
    stdin.end(text);
    Object.defineProperty(process, 'stdin', { configurable: true, value: stdin });
  };
  afterAll(() => {
    Object.defineProperty(process, 'stdin', real);
    shown.mockRestore();
  });

  it.each([
    ['yes\n', true],
    [' yes \n', true],
    ['y\n', false],
    ['YES\n', false],
    ['\n', false],
    ['no\nyes\n', false],
    ['', false],
  ])('answered with %j is %p', async (typed, answer) => {
    shown.mockReturnValue(true);
    standardInput(typed, true);
    expect(await new Terminal().confirm('Delete ann?')).toBe(answer);
    expect(shown).toHaveBeenCalledWith('Delete ann? Type yes to go on: ');
  });

  it('is not asked where there is none, whatever comes from standard input', async () => {
    standardInput('yes\n', false);
    expect(await new Terminal().confirm('Delete ann?')).toBeNull();
  });
});
