/** Thrown by a simulated disk at the change before which the power fails: nothing of the process goes on after it. */
export class PowerCut extends Error {}
