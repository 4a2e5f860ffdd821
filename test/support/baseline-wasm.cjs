// For every process of the tests. The embedded database is WebAssembly, and none of them lives long enough for optimized
// code to be worth the time it takes to make: without it, whatever uses the database takes a tenth to a quarter less.
require('node:v8').setFlagsFromString('--liftoff-only');
