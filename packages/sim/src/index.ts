/** Deterministic simulation: members on a virtual clock and a disk that forgets, a workload, and checkers. */

export { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";
export { runSimulation, type SimulationOptions, type SimulationResult } from "./run-simulation.ts";
