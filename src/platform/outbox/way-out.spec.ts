import { WayOut } from './way-out';

describe('the way to a server', () => {
  let nowMs: number;
  let way: WayOut;

  beforeEach(() => {
    nowMs = 1000;
    way = new WayOut({ elapsedMs: () => nowMs });
  });

  it('is open until it failed', () => {
    expect([way.isOpen, way.isDoubtful]).toEqual([true, false]);
  });

  it('is shut for twice as long each time it fails, up to a minute', () => {
    for (const seconds of [2, 4, 8, 16, 32, 60, 60, 60]) {
      way.failed();
      nowMs += seconds * 1000 - 1;
      expect(way.isOpen).toBe(false);
      nowMs += 1;
      expect([way.isOpen, way.isDoubtful]).toEqual([true, true]);
    }
  });

  it('is shut for no longer when several fail together', () => {
    expect([way.failed(), way.failed(), way.failed()]).toEqual([true, false, false]);
    nowMs += 2000;
    expect(way.isOpen).toBe(true);
  });

  it('is open and trusted again as soon as somebody got through', () => {
    way.failed();
    expect([way.works(), way.works()]).toEqual([true, false]);
    expect([way.isOpen, way.isDoubtful]).toEqual([true, false]);
    way.failed();
    nowMs += 2000;
    expect(way.isOpen).toBe(true);
  });
});
