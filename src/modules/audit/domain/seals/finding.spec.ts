import { type Finding, Findings, MOST_LISTED } from './finding';

const at = (sequence: number, reason: Finding['reason'] = 'altered'): Finding => {
  return { sequence, eventId: null, seal: 1, reason };
};
const listed = (findings: Findings): number[] => findings.listed.map(({ sequence }) => sequence);

describe('what is wrong with a log', () => {
  it('is listed by number, whenever it is met', () => {
    const findings = new Findings();
    findings.add([at(5), at(3)]);
    findings.add([at(4), at(3, 'missing')]);
    expect(listed(findings)).toEqual([3, 3, 4, 5]);
    expect(findings.listed.map(({ reason }) => reason)).toEqual(['altered', 'missing', 'altered', 'altered']);
  });

  it('is all counted, and no more of it kept than is listed', () => {
    const findings = new Findings();
    const numbers = Array.from({ length: 3 * MOST_LISTED }, (_, index) => 3 * MOST_LISTED - index);
    for (const number of numbers) {
      findings.add([at(number)]);
      expect(findings.listed.length).toBeLessThanOrEqual(MOST_LISTED);
    }
    expect(findings.count).toBe(numbers.length);
    expect(listed(findings)).toEqual(numbers.slice(-MOST_LISTED).reverse());
  });
});
