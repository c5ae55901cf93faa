/** The executable `etcd`. Wires flags, log, core and listeners. */

process.stderr.write("etcd: the server is not wired up yet\n");
process.exit(1);
