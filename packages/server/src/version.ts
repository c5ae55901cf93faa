/** What we report and behave as: the release that we are a drop-in for. Permanent while it is the yardstick. */

export const SERVER_VERSION = "3.7.1";

/** The cluster version that a cluster of such members decides on. */
export const CLUSTER_VERSION = "3.7.0";
