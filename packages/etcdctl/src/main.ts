/** The executable `etcdctl`. The command line tool is an issue of its own. */

process.stderr.write("etcdctl: not part of this version yet; the original's etcdctl talks to this server\n");
process.exit(1);
