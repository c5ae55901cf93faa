/** The executable `etcdutl`. The file tool is an issue of its own. */

process.stderr.write(
  "etcdutl: not part of this version yet; the original's etcdutl reads this server's files\n",
);
process.exit(1);
