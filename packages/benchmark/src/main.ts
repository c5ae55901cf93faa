/** The executable `benchmark`. The load generator is an issue of its own. */

process.stderr.write(
  "benchmark: not part of this version yet; the original's benchmark drives this server\n",
);
process.exit(1);
