/** What other executables share with the server's: how flags are read and how log lines look. */

export {
  type InitialCluster,
  initialClusterObjection,
  parseInitialCluster,
} from "./config/initial-cluster.ts";
export { parseDuration } from "./flags/duration.ts";
export { parseBool } from "./flags/number.ts";
export { bad, good, type Outcome } from "./flags/outcome.ts";
export { parseUrls, type Url } from "./flags/url.ts";
export { consoleLine } from "./log/line-format.ts";
