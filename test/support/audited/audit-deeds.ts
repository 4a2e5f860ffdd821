import { asks, type Deed, type Deeds } from './deed';
import type { Person } from './person';

const ofOwner =
  (act: (owner: Person) => ReturnType<Person['get']>): Deed['by'] =>
  async (s) => {
    const owner = await s.anOwner();
    return () => act(owner);
  };

const reading = (path: string): readonly Deed[] => [
  {
    status: 200,
    leaves: ['audit.read success user - in'],
    by: ofOwner((owner) => owner.get(path)),
  },
];

/** The audit log, which is read on record: but what is one's own, and counts. */
export const AUDIT_DEEDS: Deeds = {
  'GET /auth/audit-logs': asks(ofOwner((owner) => owner.get('/auth/audit-logs'))),
  'GET /auth/audit-logs/all': reading('/auth/audit-logs/all'),
  'GET /audit-logs': reading('/audit-logs'),
  'GET /audit-logs/export': [
    {
      status: 200,
      leaves: ['audit.exported success user - in'],
      by: ofOwner((owner) => owner.get('/audit-logs/export?format=csv')),
    },
  ],
  'GET /audit-logs/summary': asks(ofOwner((owner) => owner.get('/audit-logs/summary'))),
  'GET /audit-logs/verify': [
    {
      status: 200,
      leaves: ['audit.verified success user audit_log in'],
      by: ofOwner((owner) => owner.get('/audit-logs/verify')),
    },
  ],
  'GET /audit-logs/{id}/proof': [
    {
      status: 200,
      leaves: ['audit.read success user audit_event in'],
      by: async (s) => {
        const owner = await s.anOwner();
        await s.done(owner.get('/audit-logs/verify'));
        const { body } = await s.done(owner.get('/auth/audit-logs'));
        const sealed = body.items.findLast(({ tenant_id: tenant }) => tenant === owner.tenantId);
        return () => owner.get(`/audit-logs/${String(sealed?.id)}/proof`);
      },
    },
  ],
};
