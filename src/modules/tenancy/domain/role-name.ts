/** What roles are called, built-in ones and those of a tenant. */
export const ROLE_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
