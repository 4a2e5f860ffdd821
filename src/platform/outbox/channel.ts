/** The ways by which messages leave. Each has workers of its own: an outage of one holds nothing up in another. */
export type Channel = 'mail' | 'sms';
